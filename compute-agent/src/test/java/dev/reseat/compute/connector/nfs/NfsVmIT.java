package dev.reseat.compute.connector.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.Within;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.VmHost;
import dev.reseat.testing.VmNfsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** Mounts of a real kernel, whose own server has the share. Locks are looked at where they are real: elsewhere. */
@Tag("slow")
final class NfsVmIT {
    private static final Duration SHORT = Duration.ofSeconds(5);
    private static final String OPTIONS = "vers=4.2,soft";
    private static final String SOMEBODYS = "11111111-2222-4333-8444-555555555555";

    private static VmHost vm;
    private static VmNfsServer server;
    private static Path base;

    @BeforeAll
    static void startHost() throws IOException {
        vm = VmHost.start();
        base = vm.scratch().resolve("mnt"); // of the same name here and there
        server = VmNfsServer.start(vm, "volume-1", "volume-2");
        vm.shell("mkdir -p " + base);
        Files.createSymbolicLink(base, vm.root().resolve(base.toString().substring(1)));
    }

    @AfterEach
    void unmountAll() {
        vm.shell("for i in " + base + "/*; do ! mountpoint -q $i || umount $i; done");
    }

    @AfterAll
    static void stopHost() throws IOException {
        if (vm != null) {
            Files.deleteIfExists(base);
            vm.close();
        }
    }

    private static NfsConnector connector(CommandRunner commands) {
        return connector(commands, OPTIONS);
    }

    private static NfsConnector connector(CommandRunner commands, String options) {
        Path processes = vm.root().resolve("proc");
        return new NfsConnector(
                new NfsMounts(new NfsConfig(base, Optional.of(options), true), processes, commands),
                FileLocks.onThisHost(true, new SystemCommandRunner(List.of())),
                new LoopDevices(Path.of("/sys/block")), new NovaProcesses(processes));
    }

    private static NfsConnector connector() {
        return connector(vm.commands());
    }

    private static ConnectionInfo.Nfs volume(int number) {
        return (ConnectionInfo.Nfs) ConnectionInfo.of("nfs",
                Map.of("export", server.export(), "name", "volume-" + number));
    }

    private static Deadline soon() {
        return VolumeConnectorContract.soon();
    }

    private static int mounts() {
        return Integer.parseInt(vm.shell("grep -c " + base + " /proc/mounts || true").strip());
    }

    @Test
    void isRecordedFromTheFirstVolumeToTheLast() {
        NfsConnector recorded = connector(vm.recording("nfs.txt"));

        assertThat(recorded.connect(volume(1), soon()).path().getFileName()).hasToString("volume-1");
        recorded.connect(volume(1), soon());
        recorded.connect(volume(2), soon());
        assertThat(mounts()).isOne();
        vm.keep("nfs-mountinfo.txt", "/proc/self/mountinfo");
        String held = base + "/*/volume-2";
        String pid = vm.shell("tail -f " + held + " >/dev/null 2>&1 & echo $!").strip(); // as a guest has it open
        recorded.disconnect(volume(1), soon());
        assertThat(mounts()).isOne();
        vm.shell("kill " + pid + "; while [ -e /proc/" + pid + " ]; do sleep 0.1; done");
        recorded.disconnect(volume(2), soon());

        assertThat(mounts()).isZero();
        recorded.disconnect(volume(2), soon());
        assertThat(recorded.inspect(volume(2)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aShareStaysWhileNovaComputeRuns() {
        connector().connect(volume(1), soon());
        String pid = vm.shell("(exec -a /usr/bin/nova-compute sleep 600) >/dev/null 2>&1 & echo $!").strip();
        try {
            connector().disconnect(volume(1), soon());
            assertThat(mounts()).isOne();
        } finally {
            vm.shell("kill " + pid + "; while [ -e /proc/" + pid + " ]; do sleep 0.1; done");
        }
        connector().disconnect(volume(1), soon());
        assertThat(mounts()).isZero();
    }

    /** Its own disconnect leaves shares mounted: to unmount is Nova's business, and ours. */
    @Test
    void whatOsBrickMountsIsUnmountedHereAndWhatWeHaveMountedIsItsToo() {
        String connection = JsonMapper.shared().writeValueAsString(volume(1).document().data());
        String device = vm.python("os_brick_host.py", "mount", base.toString(), OPTIONS, connection);
        assertThat(mounts()).isOne();
        Path ours = connector().connect(volume(1), soon()).path();
        assertThat(device).as("the folder is called the same").contains("\"" + ours + "\"");
        assertThat(mounts()).isOne();
        connector().disconnect(volume(1), soon());
        assertThat(mounts()).isZero();

        connector().connect(volume(1), soon());
        assertThat(vm.python("os_brick_host.py", "mount", base.toString(), OPTIONS, connection)).isEqualTo(device);
        assertThat(mounts()).isOne();
        connector().disconnect(volume(1), soon());
        assertThat(mounts()).isZero();
    }

    @Test
    void aShareThatIsNotExportedIsNotMounted() {
        var away = (ConnectionInfo.Nfs) ConnectionInfo.of("nfs",
                Map.of("export", vm.machine().address(0) + ":/srv/nothing", "name", "volume-1"));

        assertThatThrownBy(() -> connector().connect(away, soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(mounts()).isZero();
    }

    @Test
    void aServerThatIsCutOffIsUnknownByTheDeadlineAndHoldsUpNobody() throws IOException {
        NfsConnector connector = connector(vm.commands(), "vers=4.2,hard"); // which waits for ever
        var door = new Connectors(Map.of(ConnectionInfo.Nfs.TYPE, connector));
        door.connect(volume(1), soon());
        assertThat(door.inspect(volume(1), soon()).held()).isEqualTo(Answer.NO);
        server.cut();
        long begin = System.nanoTime();
        try {
            assertThat(door.inspect(volume(1), Deadline.after(SHORT)).held()).isEqualTo(Answer.UNKNOWN);
            assertThat(door.inventory(Deadline.after(SHORT)).holds(SOMEBODYS)).isEqualTo(Answer.UNKNOWN);
            assertThatThrownBy(() -> door.disconnect(volume(1), Deadline.after(SHORT)))
                    .isInstanceOf(ConnectorException.OutOfTime.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.multipliedBy(4));
            assertThat(door.overdue()).hasSize(3);
        } finally {
            server.heal();
        }
        assertThat(Within.holds(Duration.ofMinutes(3), () -> door.overdue().isEmpty())).isTrue();
        assertThat(mounts()).as("what came back late has taken nothing away").isOne();
        assertThat(door.inspect(volume(1), soon()).held()).isEqualTo(Answer.NO);
        door.disconnect(volume(1), soon());
        assertThat(mounts()).isZero();
    }

    @Test
    void aMountThatGivesUpIsNoAnswerEither() {
        NfsConnector connector = connector(vm.commands(), "vers=4.2,soft,timeo=10,retrans=1");
        connector.connect(volume(1), soon());
        server.cut();
        try {
            assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.UNKNOWN);
            assertThat(connector.inventory().holds(SOMEBODYS)).isEqualTo(Answer.UNKNOWN);
            assertThatThrownBy(() -> connector.disconnect(volume(1), soon()))
                    .isInstanceOf(ConnectorException.Failed.class);
        } finally {
            server.heal();
        }
        assertThat(mounts()).isOne();
    }
}
