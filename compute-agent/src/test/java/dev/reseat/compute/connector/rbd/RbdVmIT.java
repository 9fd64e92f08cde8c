package dev.reseat.compute.connector.rbd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.Command;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.storage.PrivateCeph;
import dev.reseat.testing.VmHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** On a real kernel that maps images of a real Ceph; and beside a real os-brick. */
@Tag("slow")
final class RbdVmIT {
    private static VmHost vm;
    private static PrivateCeph ceph;

    @BeforeAll
    static void startHost() {
        vm = VmHost.start();
        ceph = PrivateCeph.start(vm.scratch().resolve("ceph"), vm.machine());
        ceph.admin("ceph", "osd", "pool", "create", "backups", "8", "8");
        ceph.admin("rbd", "pool", "init", "backups");
        for (String image : List.of("volumes/volume-1", "volumes/volume-2", "backups/volume-1")) {
            ceph.admin("rbd", "create", "--size", "16M", image);
        }
        ceph.admin("ceph", "auth", "caps", "client.cinder", "mon", "profile rbd", "osd", "profile rbd");
        assertThat(connector(vm.commands()).inspect(connection("volumes/volume-1")).held()).isEqualTo(Answer.NO);
        vm.shell("modprobe rbd");
    }

    @AfterEach
    void unmapAll() {
        vm.shell("for i in /dev/rbd[0-9]*; do [ ! -b $i ] || rbd unmap $i; done");
    }

    @AfterAll
    static void stopHost() {
        if (ceph != null) {
            ceph.close();
        }
        if (vm != null) {
            vm.close();
        }
    }

    private static RbdConnector connector(CommandRunner commands) {
        return new RbdConnector(new MappedImages(vm.root()),
                new KernelImages(command -> commands.run(withFiles(command))));
    }

    /** What is written for a program here has to be there too. */
    private static Command withFiles(Command command) {
        int conf = command.words().indexOf("--conf");
        if (conf > 0) {
            Path directory = Path.of(command.words().get(conf + 1)).getParent();
            Path there = vm.root().resolve(directory.toString().substring(1));
            try {
                Files.createDirectories(there);
                for (String name : List.of("ceph.conf", "keyring")) {
                    Files.writeString(there.resolve(name), Files.readString(directory.resolve(name)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return command;
    }

    private RbdConnector open() {
        return connector(vm.commands());
    }

    private static ConnectionInfo.Rbd volume(int number) {
        return connection("volumes/volume-" + number);
    }

    private static ConnectionInfo.Rbd connection(String name) {
        return (ConnectionInfo.Rbd) ConnectionInfo.of("rbd", data(name));
    }

    private static Map<String, Object> data(String name) {
        return new LinkedHashMap<>(Map.of("name", name, "hosts", List.of(vm.machine().here(0)), "ports",
                List.of("6789"), "auth_enabled", true, "auth_username", "cinder", "do_local_attach", true,
                "cluster_name", "ceph", "keyring", "[client.cinder]\n key = " + ceph.key() + "\n"));
    }

    @Test
    void isRecordedAndOnlyTheImageOfTheRightPoolIsUnmapped() {
        RbdConnector recorded = connector(vm.recording("rbd.txt"));
        ConnectionInfo.Rbd other = connection("backups/volume-1");

        recorded.connect(other, soon());
        Device device = recorded.connect(volume(1), soon());
        vm.keep("rbd-files.txt", "/sys/bus/rbd/devices/0/", "/sys/bus/rbd/devices/1/");
        assertThat(ceph.admin("rbd", "status", "volumes/volume-1")).contains("watcher=" + vm.machine().address(0));
        vm.shell("mkfs.ext4 -q " + device.path() + "; mkdir -p /mnt/v; mount " + device.path() + " /mnt/v");
        assertThatThrownBy(() -> recorded.disconnect(volume(1), soon())).isInstanceOf(ConnectorException.Busy.class);
        vm.shell("umount /mnt/v");
        recorded.disconnect(volume(1), soon());

        assertThat(recorded.inspect(volume(1)).held()).isEqualTo(Answer.NO);
        assertThat(recorded.inspect(other).held()).isEqualTo(Answer.YES);
        assertThat(ceph.admin("rbd", "status", "volumes/volume-1")).contains("Watchers: none");
    }

    @Test
    void whatOsBrickMapsIsUnmappedHereAndTheOtherWayRound() {
        String connection = JsonMapper.shared().writeValueAsString(data("volumes/volume-1"));
        vm.python("os_brick_host.py", "attach", "RBD", "false", connection);
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
        open().disconnect(volume(1), soon());
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);

        Device device = open().connect(volume(1), soon());
        vm.python("os_brick_host.py", "detach", "RBD", "false", connection,
                "{\"type\": \"block\", \"path\": \"" + device.path() + "\"}");
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    private static Deadline soon() {
        return VolumeConnectorContract.soon();
    }
}
