package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.ApiNodeConfig;
import dev.reseat.compute.ComputeAgentConfig;
import dev.reseat.monitor.MonitorConfig;
import dev.reseat.rpc.transport.rabbit.RabbitConfig;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.VolumeManagerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The samples name only options that exist, and name them rightly. */
final class SampleSettingsTest {
    private static final Path SAMPLES = Path.of("..", "etc");

    @Test
    void anApiNodeReadsItsSample() throws IOException {
        assertThat(read("reseat-api-node.conf", ApiNodeConfig::from).rest().port()).isEqualTo(8776);
    }

    @Test
    void aVolumeManagerReadsItsSample() throws IOException {
        var config = read("reseat-volume-manager.conf", settings -> VolumeManagerConfig.from(settings, "storage-1"));

        assertThat(config.backends()).singleElement()
                .satisfies(backend -> assertThat(backend.name()).isEqualTo("file1"));
    }

    @Test
    void aComputeAgentReadsItsSample() throws IOException {
        assertThat(read("reseat-compute-agent.conf", ComputeAgentConfig::from).exchange()).isEqualTo("nova");
    }

    @Test
    void everyServiceReadsTheSampleOfTheBroker() throws IOException {
        String file = "oslo-messaging-rabbit.conf";
        RabbitConfig config = read(file, settings -> RpcConfig.from(settings).rabbit());

        RabbitConfig defaults = RabbitConfig.defaults();
        assertThat(config.queues()).isEqualTo(defaults.queues());
        assertThat(config.reconnect()).isEqualTo(defaults.reconnect());
        assertThat(config.prefetch()).isEqualTo(defaults.prefetch());
        assertThat(config.heartbeat()).isEqualTo(defaults.heartbeat());
        assertThat(config.login()).isEqualTo(defaults.login());
        assertThat(Files.readString(SAMPLES.resolve(file))).contains(RabbitConfig.optionNames());
    }

    /** Every commented option taken as set. */
    private static <T> T read(String file, Function<Settings, T> own) throws IOException {
        String text = Files.readString(SAMPLES.resolve(file)).replaceAll("(?m)^#(?=[a-z_]+ = )", "");
        return Settings.parse(text).checked(settings -> {
            RpcConfig.from(settings);
            MonitorConfig.from(settings, 1);
            settings.seconds("DEFAULT", "graceful_shutdown_timeout", Duration.ofSeconds(60));
            return own.apply(settings);
        });
    }
}
