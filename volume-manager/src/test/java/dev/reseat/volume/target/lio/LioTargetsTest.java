package dev.reseat.volume.target.lio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.connection.Secret;
import dev.reseat.host.ExternalLocks;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.ScriptedCommands;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget.Session;
import dev.reseat.volume.target.TargetConfig;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder as the kernel shows its targets, and on commands that change it as Cinder's program does. */
final class LioTargetsTest {
    private static final String IQN = "iqn.2010-10.org.openstack:volume-1";
    private static final String H1 = "iqn.1993-08.org.debian:01:h1";
    private static final String H2 = "iqn.1993-08.org.debian:01:h2";
    private static final Chap CHAP = new Chap("CHAP", "user", new Secret("password-of-it"));
    private static final Path DEVICE = Path.of("/dev/cinder-volumes/volume-1");
    private static final String SESSION = """
            InitiatorName: iqn.1993-08.org.debian:01:h1
            InitiatorAlias: compute-1
            LIO Session ID: 4   ISID: 0x00 02 3d 00 00 04  TSIH: 5  SessionType: Normal
            Session State: TARG_SESS_STATE_LOGGED_IN
            ---------------------[iSCSI Session Values]-----------------------
              CmdSN/WR  :  CmdSN/WC  :  ExpCmdSN  :  MaxCmdSN  :     ITT    :     TTT
             0x00000010   0x0000001f   0x0000002f   0x0000004e   0x10000000   0x00001a61
            ----------------------[iSCSI Connections]-------------------------
            CID: 0  Connection State: TARG_CONN_STATE_LOGGED_IN
               Address 10.78.0.11 TCP  StatSN: 0x5d7ba6f5
            """;

    @TempDir private Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();
    private LioTargets targets;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(directory.resolve("target/iscsi"));
        Files.createDirectories(directory.resolve("locks"));
        var config = new TargetConfig("iqn.2010-10.org.openstack:",
                List.of(new Portal("192.0.2.20", 3260), new Portal("192.0.2.21", 3260)), directory, true,
                Optional.empty(), Optional.of(directory.resolve("locks")));
        targets = new LioTargets(config, new BackendPrograms(commands), new LioTree(directory.resolve("target")),
                new ExternalLocks(directory.resolve("locks")));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30));
    }

    private Path group() {
        return directory.resolve("target/iscsi").resolve(IQN).resolve("tpgt_1");
    }

    private void make() {
        try {
            Files.createDirectories(group().resolve("lun/lun_0"));
            Files.createDirectories(group().resolve("np/192.0.2.20:3260"));
            Files.createDirectories(group().resolve("acls"));
            Files.createDirectories(group().resolve("attrib"));
            Files.writeString(group().resolve("enable"), "1\n");
            Files.writeString(group().resolve("attrib/generate_node_acls"), "0\n");
            Files.writeString(group().resolve("dynamic_sessions"), "");
            Path object = Files.createDirectories(directory.resolve("target/core/iblock_0").resolve(IQN));
            Files.writeString(object.resolve("udev_path"), DEVICE + "\n");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void admit(String initiator, String info) {
        try {
            Path access = group().resolve("acls").resolve(initiator);
            Files.createDirectories(access.resolve("lun_0"));
            Files.createDirectories(access.resolve("auth"));
            Files.writeString(access.resolve("auth/userid"), CHAP.user() + "\n");
            Files.writeString(access.resolve("auth/password"), CHAP.password().reveal() + "\n");
            Files.writeString(access.resolve("info"), info);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ScriptedCommands tool(Runnable effect, String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "cinder-rtstool";
        System.arraycopy(words, 0, all, 1, words.length);
        return commands.expect(all).does(_ -> {
            effect.run();
            return new CommandResult(0, "", "");
        });
    }

    private static String nobody(String initiator) {
        return "No active iSCSI Session for Initiator Endpoint: " + initiator + "\n";
    }

    @Test
    void aTargetIsMadeAsCinderMakesItAndReadBack() {
        tool(() -> {}, "delete", IQN);
        tool(this::make, "create", DEVICE.toString(), IQN, "user", "password-of-it", "False", "-p3260",
                "-a192.0.2.20,192.0.2.21");
        tool(() -> {}, "save");

        assertThat(targets.export(IQN, DEVICE, CHAP, soon()).id()).isEqualTo(IQN);
        assertThat(targets.export(IQN, DEVICE, CHAP, soon()).admitted()).isEmpty(); // and not made again

        commands.assertFinished();
        assertThat(commands.ran()).allSatisfy(command -> assertThat(command.toString()).doesNotContain("password-of"));
        assertThat(directory.resolve("locks/cinder-lioadm")).exists();
    }

    @Test
    void aTargetThatWasMadeAndIsNotThereIsAFailure() {
        tool(() -> {}, "delete", IQN);
        tool(() -> {}, "create", DEVICE.toString(), IQN, "user", "password-of-it", "False", "-p3260",
                "-a192.0.2.20,192.0.2.21");
        tool(() -> {}, "save");

        assertThatThrownBy(() -> targets.export(IQN, DEVICE, CHAP, soon()))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("is not there");
    }

    @Test
    void aTargetOfAnotherDeviceIsNotGivenOut() throws IOException {
        make();
        Path behind = directory.resolve("target/core/iblock_0").resolve(IQN).resolve("udev_path");
        Files.writeString(behind, "/dev/cinder-volumes/volume-2\n");

        assertThatThrownBy(() -> targets.export(IQN, DEVICE, CHAP, soon()))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("leads to /dev/cinder-volumes/volume-2");

        Files.writeString(behind, "\n");
        assertThatThrownBy(() -> targets.export(IQN, DEVICE, CHAP, soon()))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining("no device that is known");
        commands.assertFinished();
    }

    @Test
    void anInitiatorIsLetInOnceAndItsPasswordIsKept() {
        make();
        tool(() -> admit(H1, nobody(H1)), "add-initiator", IQN, "user", "password-of-it", H1);
        tool(() -> {}, "save");

        targets.admit(IQN, H1, CHAP, soon());
        targets.admit(IQN, H1, CHAP, soon());

        commands.assertFinished();
        assertThat(targets.find(IQN, soon()).orElseThrow().admitted()).containsExactly(H1);
        assertThat(targets.password(IQN)).contains(CHAP);
    }

    @Test
    void aSessionIsSeenWithItsAddress() {
        make();
        admit(H1, SESSION);
        admit(H2, nobody(H2));

        assertThat(targets.all(soon()).get(IQN).sessions())
                .containsExactly(new Session("4", H1, Optional.of("10.78.0.11")));
        assertThat(targets.all(soon()).get(IQN).admitted()).containsExactlyInAnyOrder(H1, H2);
    }

    @Test
    void whatTheKernelSaysInOtherWordsIsNotTakenForNoSession() {
        make();
        admit(H1, "Session of the future\n");

        assertThatThrownBy(() -> targets.find(IQN, soon())).isInstanceOf(DriverException.BackendFailed.class);
    }

    @Test
    void othersAreKeptOutAndSeenToBeGone() {
        make();
        admit(H1, SESSION);
        admit(H2, nobody(H2));
        tool(() -> delete(group().resolve("acls").resolve(H1)), "delete-initiator", IQN, H1);
        tool(() -> {}, "save");

        targets.admitOnly(IQN, Set.of(H2), soon());

        commands.assertFinished();
        assertThat(targets.find(IQN, soon()).orElseThrow().sessions()).isEmpty();
    }

    @Test
    void oneIsKeptOutAndNobodyElse() {
        make();
        admit(H1, SESSION);
        admit(H2, SESSION.replace(H1, H2));
        tool(() -> delete(group().resolve("acls").resolve(H1)), "delete-initiator", IQN, H1);
        tool(() -> {}, "save");

        targets.keepOut(IQN, H1, soon());
        targets.keepOut(IQN, H1, soon());

        commands.assertFinished();
        assertThat(targets.find(IQN, soon()).orElseThrow().sessions()).extracting(Session::initiator)
                .containsExactly(H2);
    }

    /** The kernel writes every name small, and the program compares letters. */
    @Test
    void aHostThatWritesItsNameInLargeLettersIsTheSame() {
        String large = H1.replace("h1", "H1");
        make();
        tool(() -> admit(H1, SESSION), "add-initiator", IQN, "user", "password-of-it", large);
        tool(() -> {}, "save");
        targets.admit(IQN, large, CHAP, soon());
        targets.admit(IQN, large, CHAP, soon());
        targets.admitOnly(IQN, Set.of(large), soon());
        assertThat(targets.find(IQN, soon()).orElseThrow().knows(large)).isTrue();
        tool(() -> delete(group().resolve("acls").resolve(H1)), "delete-initiator", IQN, H1);
        tool(() -> {}, "save");

        targets.keepOut(IQN, large, soon());

        commands.assertFinished();
        assertThat(targets.find(IQN, soon()).orElseThrow().knows(H1)).isFalse();
    }

    @Test
    void aProgramThatSaysItWasDoneIsNotBelieved() {
        make();
        admit(H1, SESSION);
        tool(() -> {}, "delete-initiator", IQN, H1);
        tool(() -> {}, "save");

        assertThatThrownBy(() -> targets.admitOnly(IQN, Set.of(), Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(DriverException.OutOfTime.class);
        tool(() -> {}, "delete-initiator", IQN, H1);
        tool(() -> {}, "save");
        assertThatThrownBy(() -> targets.keepOut(IQN, H1, Deadline.after(Duration.ofMillis(300))))
                .isInstanceOf(DriverException.OutOfTime.class);
    }

    @Test
    void aRemovedTargetIsGoneWithItsDevice() {
        make();
        tool(() -> {
            delete(group().getParent());
            delete(directory.resolve("target/core/iblock_0").resolve(IQN));
        }, "delete", IQN);
        tool(() -> {}, "save");

        targets.remove(IQN, soon());
        targets.remove(IQN, soon());

        commands.assertFinished();
    }

    @Test
    void aSaveThatFailsIsNoFailure() {
        make();
        tool(() -> {
            delete(group().getParent());
            delete(directory.resolve("target/core/iblock_0").resolve(IQN));
        }, "delete", IQN);
        commands.expect("cinder-rtstool", "save").exits(1, "read-only file system");

        targets.remove(IQN, soon());

        commands.assertFinished();
    }

    @Test
    void whoeverIsLetInWithoutANameCannotBeKeptOutHere() throws IOException {
        make();
        Files.writeString(group().resolve("attrib/generate_node_acls"), "1\n");

        assertThat(targets.find(IQN, soon()).orElseThrow().open()).isTrue();
        assertThatThrownBy(() -> targets.admitOnly(IQN, Set.of(), soon()))
                .isInstanceOf(DriverException.BackendFailed.class);
        assertThatThrownBy(() -> targets.keepOut(IQN, H1, soon())).isInstanceOf(DriverException.BackendFailed.class);
    }

    @Test
    void aKernelWithoutTargetsIsNoBackend() {
        delete(directory.resolve("target"));

        assertThatThrownBy(() -> targets.probe(soon())).isInstanceOf(DriverException.NotReady.class);
        assertThatThrownBy(() -> targets.all(soon())).isInstanceOf(DriverException.NotReady.class);
        assertThatThrownBy(() -> targets.find(IQN, soon())).isInstanceOf(DriverException.NotReady.class);
        assertThatThrownBy(() -> targets.admitOnly(IQN, Set.of(), soon())).isInstanceOf(DriverException.NotReady.class);
        assertThatThrownBy(() -> targets.remove(IQN, soon())).isInstanceOf(DriverException.NotReady.class);
    }
}
