package dev.reseat.compute.connector.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.CommandResult;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.ScriptedCommands;
import dev.reseat.testing.SparseFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real files and locks; the mounts are told, since few machines that run this have NFS in their kernel. */
final class NfsConnectorTest {
    private static final String EXPORT = "192.0.2.30:/srv/volumes";

    @TempDir private Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();
    private Path base;
    private Path processes;

    @BeforeEach
    void hasNoMount() throws IOException {
        base = directory.resolve("mnt");
        processes = Files.createDirectories(directory.resolve("proc"));
        namespace("self", "pid", "pid:[4026531836]");
        namespace("self", "mnt", "mnt:[4026531841]");
        namespace("1", "mnt", "mnt:[4026531841]");
        mounted(false);
    }

    private void namespace(String process, String kind, String name) throws IOException {
        Path link = Files.createDirectories(processes.resolve(process).resolve("ns")).resolve(kind);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(name));
    }

    private void mounted(boolean there) {
        mounted("self", there);
    }

    private void mounted(String process, boolean there) {
        String root = "25 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n";
        String share = "99 25 0:60 / " + share() + " rw shared:9 - nfs4 " + EXPORT + " rw,vers=4.2\n";
        try {
            Files.writeString(processes.resolve(process).resolve("mountinfo"), there ? root + share : root);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path share() {
        return mounts().folder(volume("volume-1"));
    }

    private NfsMounts mounts() {
        return mounts(true);
    }

    private NfsMounts mounts(boolean sharedNamespace) {
        var config = new NfsConfig(base, Optional.of("vers=4.2,hard"), sharedNamespace);
        return new NfsMounts(config, processes, commands);
    }

    private NfsConnector connector() {
        return connector(true);
    }

    private NfsConnector connector(boolean sharedNamespace) {
        return new NfsConnector(mounts(sharedNamespace), FileLocks.onThisHost(true, new SystemCommandRunner(List.of())),
                new LoopDevices(Path.of("/sys/block")), new NovaProcesses(processes));
    }

    private static ConnectionInfo.Nfs volume(String name) {
        return (ConnectionInfo.Nfs) ConnectionInfo.of("nfs",
                Map.of("export", EXPORT, "name", name, "options", "-o secret=abc"));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private Path file(String name) throws IOException {
        Files.createDirectories(share());
        Path file = share().resolve(name);
        SparseFile.create(file);
        return file;
    }

    private void novaRuns() throws IOException {
        Files.createDirectories(processes.resolve("77"));
        Files.writeString(processes.resolve("77/cmdline"), "/usr/bin/python3\0/usr/bin/nova-compute\0");
    }

    private void expectUnmount(int code, String said) {
        commands.expect("umount", share().toString()).does(command -> {
            mounted(code != 0);
            return new CommandResult(code, "", said).answering(command);
        });
    }

    @Test
    void theFolderIsTheOneThatNovaHas() { // md5sum of the export
        assertThat(share().getFileName().toString()).isEqualTo("46c806b35dc23a438716664c88b54f4d");
    }

    @Test
    void aShareIsMountedWithItsFirstVolumeOnly() throws IOException {
        file("volume-1");
        file("volume-2");
        commands.expect("mount", "-t", "nfs", "-o", "vers=4.2,hard", "-o", "secret=abc", EXPORT, share().toString())
                .does(_ -> {
                    mounted(true);
                    return new CommandResult(0, "", "");
                });

        assertThat(connector().connect(volume("volume-1"), soon()).path()).isEqualTo(share().resolve("volume-1"));
        assertThat(connector().connect(volume("volume-2"), soon()).path()).isEqualTo(share().resolve("volume-2"));

        commands.assertFinished();
        assertThat(commands.ran().getFirst().toString()).doesNotContain("abc");
        assertThatThrownBy(() -> connector().connect(volume("volume-3"), soon()))
                .isInstanceOf(ConnectorException.Failed.class);
    }

    @Test
    void aMountThatIsNotThereAfterwardsIsAFailure() throws IOException {
        file("volume-1");
        commands.expect("mount", "-t", "nfs", "-o", "vers=4.2,hard", "-o", "secret=abc", EXPORT, share().toString())
                .prints("");

        assertThatThrownBy(() -> connector().connect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("is not there");
    }

    @Test
    void whoeverHasTheFileHoldsIt() throws Exception {
        Path file = file("volume-1");
        mounted(true);
        assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.NO);
        try (var _ = LockHolder.of(file)) {
            assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.YES);
            assertThat(connector().inventory().held()).extracting(HostInventory.Held::name).containsExactly("volume-1");
            assertThatThrownBy(() -> connector().disconnect(volume("volume-1"), soon()))
                    .isInstanceOf(ConnectorException.Busy.class);
        }
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void withoutTheMountNobodyHoldsItAndThereIsNothingToDo() {
        assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.NO);
        assertThatCode(() -> connector().disconnect(volume("volume-1"), soon())).doesNotThrowAnyException();
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void aMountInTheSightOfAnotherProcessOnlyIsNoAnswer() throws IOException {
        namespace("77", "mnt", "mnt:[4026532211]");
        mounted("77", true);

        assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(connector().inventory().blind()).singleElement().asString().contains(share().toString());
        assertThatThrownBy(() -> connector().disconnect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("in the sight of another process");
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void inAContainerNoMountIsNoAnswerUnlessItSeesEveryProcess() throws IOException {
        namespace("self", "pid", "pid:[4026532299]");

        assertThat(connector(false).inspect(volume("volume-1")).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(connector(false).inventory().blind()).isNotEmpty();
        assertThatThrownBy(() -> connector(false).disconnect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("outside this container");
        assertThat(connector(true).inspect(volume("volume-1")).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aFileThatIsNotThereIsNoAnswer() throws IOException {
        Files.createDirectories(share());
        mounted(true);

        assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> connector().disconnect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class);
    }

    @Test
    void aFileThatCannotBeLookedAtIsNotAbsent() throws IOException {
        Path file = Files.createDirectories(share()).resolve("volume-1");
        Files.createSymbolicLink(file, file); // an error other than that it is not there, as of a server that is silent
        mounted(true);

        assertThatThrownBy(() -> connector().connect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("cannot be told");
        assertThat(connector().inspect(volume("volume-1")).held()).isEqualTo(Answer.UNKNOWN);
        assertThat(connector().inventory().blind()).singleElement().asString().contains(file.toString());
    }

    @Test
    void theMountGoesWithTheLastVolumeAndABusyOneIsNoFailure() throws IOException {
        file("volume-1");
        mounted(true);
        expectUnmount(32, "umount: " + share() + ": target is busy.");
        expectUnmount(16, "umount.nfs4: " + share() + ": device is busy\n"); // as recorded of a kernel 6.1
        expectUnmount(0, "");

        connector().disconnect(volume("volume-1"), soon()); // others use it
        connector().disconnect(volume("volume-1"), soon());
        connector().disconnect(volume("volume-1"), soon());
        connector().disconnect(volume("volume-1"), soon());

        commands.assertFinished();
    }

    @Test
    void aMountThatStaysForAnotherReasonIsAFailure() throws IOException {
        file("volume-1");
        mounted(true);
        expectUnmount(16, "umount.nfs4: " + share() + ": not in mtab, or no right to do it\n");

        assertThatThrownBy(() -> connector().disconnect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("stays mounted");
    }

    @Test
    void whatIsMountedAfterAnUnmountIsARefusal() throws IOException {
        file("volume-1");
        mounted(true);
        commands.expect("umount", share().toString()).prints(""); // of two mounts, one above the other, the upper

        assertThatThrownBy(() -> connector().disconnect(volume("volume-1"), soon()))
                .isInstanceOf(ConnectorException.Failed.class)
                .hasMessageContaining("mounted there still");
    }

    @Test
    void besideANovaComputeTheMountStays() throws IOException {
        file("volume-1");
        mounted(true);
        novaRuns();

        connector().disconnect(volume("volume-1"), soon());

        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void inAMountNamespaceOfItsOwnTheMountStays() throws IOException {
        file("volume-1");
        mounted(true);
        namespace("self", "mnt", "mnt:[4026532211]");

        connector().disconnect(volume("volume-1"), soon());

        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void aNameThatLeadsOutOfTheShareIsRefused() throws IOException {
        file("volume-1");
        mounted(true);

        assertThatThrownBy(() -> connector().disconnect(volume("../x/volume-1"), soon()))
                .isInstanceOf(ConnectorException.Refused.class);
    }
}
