package dev.reseat.compute.connector.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.NovaProcesses;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileLocks;
import dev.reseat.host.LoopDevices;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.VmHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Mounts of a real kernel, whose own server has the share. Locks are looked at where they are real: elsewhere. */
@Tag("slow")
final class NfsVmIT {
    private static VmHost vm;
    private static Path base;

    @BeforeAll
    static void startHost() throws IOException {
        vm = VmHost.start();
        base = vm.scratch().resolve("mnt"); // of the same name here and there
        vm.shell("""
                modprobe -a nfsd nfsv4
                mount -t nfsd nfsd /proc/fs/nfsd
                mkdir -p %s /srv/volumes /var/lib/nfs/v4recovery
                truncate -s 16M /srv/volumes/volume-1 /srv/volumes/volume-2
                echo 10 >/proc/fs/nfsd/nfsv4leasetime
                echo 10 >/proc/fs/nfsd/nfsv4gracetime
                exportfs -o rw,no_root_squash,insecure,no_subtree_check,fsid=1 '*:/srv/volumes'
                rpc.mountd -N 3
                rpc.nfsd -N 3 2
                """.formatted(base));
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
        Path processes = vm.root().resolve("proc");
        return new NfsConnector(
                new NfsMounts(new NfsConfig(base, Optional.of("vers=4.2,soft"), true), processes, commands),
                FileLocks.onThisHost(true, new SystemCommandRunner(List.of())),
                new LoopDevices(Path.of("/sys/block")), new NovaProcesses(processes));
    }

    private static NfsConnector connector() {
        return connector(vm.commands());
    }

    private static ConnectionInfo.Nfs volume(int number) {
        return (ConnectionInfo.Nfs) ConnectionInfo.of("nfs",
                Map.of("export", vm.machine().address(0) + ":/srv/volumes", "name", "volume-" + number));
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

    @Test
    void aShareThatIsNotExportedIsNotMounted() {
        var away = (ConnectionInfo.Nfs) ConnectionInfo.of("nfs",
                Map.of("export", vm.machine().address(0) + ":/srv/nothing", "name", "volume-1"));

        assertThatThrownBy(() -> connector().connect(away, soon())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(mounts()).isZero();
    }
}
