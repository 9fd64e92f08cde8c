package dev.reseat.volume.target.lio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.Portal;
import dev.reseat.contract.connection.Secret;
import dev.reseat.host.ExternalLocks;
import dev.reseat.process.CommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.VmHost;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget.Session;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the targets of a real kernel, by Cinder's own program, with logical volumes, and initiators that log in. */
@Tag("slow")
final class LioVmIT {
    private static final String PREFIX = "iqn.2010-10.org.openstack:";
    private static final String IQN = PREFIX + "volume-1";
    private static final String H1 = "iqn.1993-08.org.debian:01:host-a"; // who the machine is
    private static final String H2 = "iqn.1993-08.org.debian:01:host-b";
    private static final Chap CHAP = new Chap("CHAP", "user", new Secret("password-of-it"));
    private static final Path DEVICE = Path.of("/dev/cinder-volumes/volume-1");
    private static VmHost vm;

    @TempDir private Path directory;

    @BeforeAll
    static void startHost() {
        vm = VmHost.start();
        vm.shell("""
                truncate -s 128M /tmp/disk
                vgcreate -q cinder-volumes $(losetup -f --show /tmp/disk)
                lvcreate -q -L 16M -n volume-1 cinder-volumes
                mkdir -p /var/target /etc/target /etc/rtslib-fb-target
                """);
        LioTree none = new LioTree(vm.root().resolve("sys/kernel/config/target"));
        assertThatThrownBy(none::requireThere).isInstanceOf(DriverException.NotReady.class); // no module yet
        vm.shell("modprobe -a target_core_iblock iscsi_target_mod; mount -t configfs config /sys/kernel/config");
    }

    @AfterEach
    void clear() {
        vm.shell("iscsiadm -m node -u || true; iscsiadm -m node -o delete || true; cinder-rtstool delete " + IQN);
    }

    @AfterAll
    static void stopHost() {
        if (vm != null) {
            vm.close();
        }
    }

    private LioTargets targets(CommandRunner commands) {
        var config = new TargetConfig(PREFIX, List.of(new Portal(vm.machine().address(0), 3260),
                new Portal(vm.machine().address(1), 3260)), directory, true, Optional.empty(), Optional.of(directory));
        return new LioTargets(config, new BackendPrograms(commands),
                new LioTree(vm.root().resolve("sys/kernel/config/target")), new ExternalLocks(directory));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(4));
    }

    /** As a host does it that was let in. */
    private static void logIn(String password) {
        vm.shell("""
                n="iscsiadm -m node -T %s -p %s:3260"
                $n --op new >/dev/null
                $n --op update -n node.session.auth.authmethod -v CHAP
                $n --op update -n node.session.auth.username -v user
                $n --op update -n node.session.auth.password -v %s
                $n --login
                """.formatted(IQN, vm.machine().address(0), password));
    }

    @Test
    void isRecordedFromTheExportToItsRemoval() {
        LioTargets targets = targets(vm.recording("lio.txt"));
        targets.probe(soon());
        assertThat(targets.find(IQN, soon())).isEmpty();

        assertThat(targets.export(IQN, DEVICE, CHAP, soon()).admitted()).isEmpty();
        targets.export(IQN, DEVICE, CHAP, soon());
        assertThatThrownBy(() -> logIn("password-of-it")).isInstanceOf(IllegalStateException.class); // not let in
        targets.admit(IQN, H1, CHAP, soon());
        targets.admit(IQN, H2, CHAP, soon());
        targets.admit(IQN, H1, CHAP, soon());
        assertThat(targets.password(IQN)).contains(CHAP);
        assertThatThrownBy(() -> logIn("another-password")).isInstanceOf(IllegalStateException.class);
        vm.keep("lio-admitted-files.txt", "/sys/kernel/config/target/");
        logIn("password-of-it");
        vm.keep("lio-session-files.txt", "/sys/kernel/config/target/");
        assertThat(targets.all(soon()).get(IQN).sessions()).singleElement().satisfies(session -> {
            assertThat(session.initiator()).isEqualTo(H1);
            assertThat(session.address()).contains(vm.machine().address(0));
        });
        assertThat(targets.find(IQN, soon()).orElseThrow().admitted()).containsExactlyInAnyOrder(H1, H2);

        targets.admitOnly(IQN, Set.of(H2), soon());
        assertThat(targets.find(IQN, soon()).orElseThrow().sessions()).isEmpty();
        assertThat(targets.find(IQN, soon()).orElseThrow().admitted()).containsExactly(H2);
        targets.remove(IQN, soon());
        targets.remove(IQN, soon());
        assertThat(targets.all(soon())).isEmpty();
        assertThat(vm.shell("lvchange -an cinder-volumes/volume-1; lvchange -ay cinder-volumes/volume-1")).isEmpty();
    }

    @Test
    void whoIsThrownOutDoesNotComeBack() {
        LioTargets targets = prepared();
        logIn("password-of-it");

        targets.admitOnly(IQN, Set.of(), soon());

        for (int i = 0; i < 3; i++) { // its initiator tries again and again
            assertThat(targets.find(IQN, soon()).orElseThrow().sessions()).extracting(Session::initiator).isEmpty();
            vm.shell("sleep 2");
        }
    }

    @Test
    void aRemovalTakesSessionsAlong() {
        LioTargets targets = prepared();
        logIn("password-of-it");

        targets.remove(IQN, soon());

        assertThat(targets.find(IQN, soon())).isEmpty();
        assertThat(vm.shell("ls /sys/kernel/config/target/core/iblock_* 2>/dev/null | grep volume || true")).isBlank();
    }

    private LioTargets prepared() {
        LioTargets targets = targets(vm.commands());
        targets.export(IQN, DEVICE, CHAP, soon());
        targets.admit(IQN, H1, CHAP, soon());
        return targets;
    }
}
