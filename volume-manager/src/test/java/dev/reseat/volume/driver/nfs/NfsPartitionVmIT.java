package dev.reseat.volume.driver.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.host.FileUsers;
import dev.reseat.host.MountTable;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.VmHost;
import dev.reseat.testing.VmNfsServer;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.DriverException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A real share of a server that is cut off: nobody is told that a volume is gone, or free, and nobody waits for it. */
@Tag("slow")
final class NfsPartitionVmIT {
    private static final String ID = "11111111-2222-4333-8444-555555555555";
    private static final BackendVolume VOLUME = new BackendVolume(ID, ID, List.of());
    private static final Duration SHORT = Duration.ofSeconds(5);
    /** Of a busy machine, and for a mount to give up. */
    private static final Duration LONG = Duration.ofMinutes(3);

    private static VmHost vm;
    private static VmNfsServer server;
    private static Path base;

    @BeforeAll
    static void startHost() throws IOException {
        vm = VmHost.start();
        server = VmNfsServer.start(vm, "volume-" + ID);
        base = vm.scratch().resolve("mnt"); // of the same name here and there
        vm.shell("mkdir -p " + share());
        Files.createSymbolicLink(base, vm.root().resolve(base.toString().substring(1)));
    }

    @AfterEach
    void unmount() {
        server.heal();
        vm.shell("umount " + share());
    }

    @AfterAll
    static void stopHost() throws IOException {
        if (vm != null) {
            Files.deleteIfExists(base);
            vm.close();
        }
    }

    private static Path share() {
        return MountTable.ofShare(base, server.export());
    }

    private static Backend mounted(String options) {
        vm.shell("mount -t nfs -o " + options + " " + server.export() + " " + share());
        String[] parts = server.export().split(":", 2);
        NfsBackendConfig config = Settings.parse("""
                [nfs1]
                nfs_mount_point_base = %s
                nas_host = %s
                nas_share_path = %s
                """.formatted(base, parts[0], parts[1])).checked(settings -> NfsBackendConfig.from(settings, "nfs1"));
        var commands = new SystemCommandRunner(List.of());
        var mounts = new MountTable(vm.root().resolve("proc"), vm.root().resolve("etc/fstab"), true);
        var driver = new NfsDriver(config, new ShareFolders(config, mounts), FileUsers.onThisHost(true, commands),
                new BackendPrograms(commands));
        return new Backend("host-1@nfs1", "nfs1", driver, new SimpleMeterRegistry());
    }

    private static <T> T ask(Backend backend, Duration within, Function<NfsDriver, T> question) {
        return backend.run("question", Deadline.after(within), driver -> question.apply((NfsDriver) driver));
    }

    private static StoredVolume stored(Backend backend) {
        return ask(backend, LONG, driver -> driver.stored(VOLUME, Deadline.after(LONG)));
    }

    @Test
    void whoeverAsksIsToldByTheDeadlineThatItIsNotKnown() {
        Backend backend = mounted("vers=4.2,hard"); // which waits for ever
        assertThat(ask(backend, LONG, driver -> driver.inventory(Optional.empty(), 10, Deadline.after(LONG))).volumes())
                .containsOnlyKeys("volume-" + ID);
        assertThat(backend.problem()).isEmpty();
        server.cut();
        long begin = System.nanoTime();

        assertThatThrownBy(() -> ask(backend, SHORT, driver -> driver.describe(VOLUME, Deadline.after(SHORT))))
                .isInstanceOf(DriverException.OutOfTime.class);
        assertThatThrownBy(() -> ask(
                backend, SHORT, driver -> driver.inventory(Optional.empty(), 10, Deadline.after(SHORT))))
                .isInstanceOf(DriverException.OutOfTime.class);
        assertThat(backend.problem()).isPresent();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(SHORT.multipliedBy(4));
        server.heal();
        assertThat(stored(backend)).isEqualTo(StoredVolume.PLAIN);
    }

    @Test
    void aMountThatGivesUpIsNoVolumeThatIsGoneAndNoneThatIsFree() {
        Backend backend = mounted("vers=4.2,soft,timeo=10,retrans=1,noac");
        assertThat(stored(backend)).isEqualTo(StoredVolume.PLAIN);
        server.cut();

        assertThatThrownBy(() -> ask(backend, LONG, driver -> driver.describe(VOLUME, Deadline.after(LONG))))
                .isInstanceOf(DriverException.BackendFailed.class);
        assertThatThrownBy(() -> ask(
                backend, LONG, driver -> driver.inventory(Optional.empty(), 10, Deadline.after(LONG))))
                .isInstanceOf(DriverException.BackendFailed.class);
        assertThat(backend.problem()).isPresent();
    }
}
