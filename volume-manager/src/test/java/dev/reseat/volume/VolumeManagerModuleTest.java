package dev.reseat.volume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import com.google.inject.Stage;
import dev.reseat.monitor.Health;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.rpc.wiring.RpcModule;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From settings to a running process's parts, as {@code Main} and the standalone put them together. */
final class VolumeManagerModuleTest {
    @TempDir private Path directory;

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final Rpc rpc = new Rpc(
            new MemoryTransport(new MemoryBroker()), Settings.parse("").checked(RpcConfig::from), meters);

    private VolumeManager managerOf(String settings) {
        VolumeManagerConfig config =
                Settings.parse(settings).checked(read -> VolumeManagerConfig.from(read, "host-1"));
        return Guice.createInjector(Stage.PRODUCTION, new RpcModule(rpc, meters), new VolumeManagerModule(config))
                .getInstance(VolumeManager.class);
    }

    @Test
    void everyBackendIsServedAndTellsItsHealth() throws Exception {
        VolumeManager manager = managerOf("""
                [DEFAULT]
                enabled_backends = here, unmounted
                [here]
                volume_driver = file
                file_volumes_dir = %1$s
                [unmounted]
                volume_driver = file
                file_volumes_dir = %1$s/later
                """.formatted(directory));
        manager.start();

        assertThat(manager.healthChecks()).extracting(check -> check.name() + " " + check.probe().get())
                .containsExactly(
                        "backend:host-1@here " + Health.up("driver file"),
                        "backend:host-1@unmounted "
                                + Health.down("file_volumes_dir " + directory + "/later is not a directory"));
        Files.createDirectory(directory.resolve("later"));
        assertThat(manager.healthChecks().getLast().probe().get()).isEqualTo(Health.up("driver file"));

        assertThat(manager.drain(Duration.ofSeconds(10))).isEqualTo(Service.Drained.CLEAN);
        manager.stop();
        manager.stop();
        rpc.stop();
    }
}
