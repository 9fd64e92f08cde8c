package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.api.ApiNodeConfig;
import dev.reseat.compute.ComputeAgentConfig;
import dev.reseat.monitor.MonitorConfig;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.VolumeManagerConfig;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of real clouds start every one of our processes, together with the few settings that only we have. */
final class RealSettingsTest {
    private static final String DATABASES = """
            [cinder_database]
            connection = postgresql://cinder:pw@192.0.2.10/cinder
            [nova_database]
            connection = postgresql://nova:pw@192.0.2.10/nova
            """;

    /** An agent deletes attachments as a service user, which not every nova.conf names. */
    private static final String ACCOUNT = """
            [cinder]
            username = nova
            password = pw
            project_name = service
            """;

    @TempDir private Path directory;

    /** What there is a driver for is served by the class path of Cinder's; the rest is cinder-volume's. */
    @ParameterizedTest
    @CsvSource({"kolla-cinder.conf, rbd-1+nfs-1", "osa-cinder.conf, lvm+rbd", "packstack-cinder.conf, lvm"})
    void aCinderConfStartsAVolumeManagerAndAnApiNode(String file, String served) throws Exception {
        Path cinder = resource(file);

        assertThat(volumeManager(cinder).backends()).extracting(VolumeManagerConfig.Backend::name)
                .containsExactlyInAnyOrder(served.split("\\+", -1));
        assertThat(apiNode(cinder, write(DATABASES)).database().cinder().toString()).contains("192.0.2.10");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kolla-nova.conf", "osa-nova.conf", "packstack-nova.conf"})
    void aNovaConfStartsAnAgentAndAnApiNode(String file) throws Exception {
        Path nova = resource(file);

        assertThat(agent(nova, write(ACCOUNT)).exchange()).isEqualTo("nova");
        assertThat(apiNode(nova, write(DATABASES)).remote().computeExchange()).isEqualTo("nova");
    }

    @Test
    void aVolumeManagerServesItsOwnBackendBesideThoseOfTheFile() throws Exception {
        Path own = write("""
                [DEFAULT]
                enabled_backends = rbd-1, file1
                [file1]
                volume_driver = file
                """);

        assertThat(volumeManager(resource("kolla-cinder.conf"), own).backends())
                .extracting(VolumeManagerConfig.Backend::name)
                .containsExactly("rbd-1", "file1");
    }

    @Test
    void debiansCinderConfStartsAVolumeManagerAndAnApiNode() throws IOException {
        Path cinder = installed("/etc/cinder/cinder.conf");

        assertThat(volumeManager(cinder).backends()).extracting(VolumeManagerConfig.Backend::name)
                .containsExactly("lvm");
        assertThat(apiNode(cinder, write(DATABASES)).rest().port()).isEqualTo(8776);
    }

    @Test
    void debiansNovaConfStartsAnAgentAndAnApiNode() throws IOException {
        Path nova = installed("/etc/nova/nova.conf");

        assertThat(agent(nova, write(ACCOUNT)).exchange()).isEqualTo("nova");
        assertThat(apiNode(nova, write(DATABASES)).remote().computeExchange()).isEqualTo("nova");
    }

    private static VolumeManagerConfig volumeManager(Path... files) {
        return read(settings -> VolumeManagerConfig.from(settings, settings.host()), files);
    }

    private static ComputeAgentConfig agent(Path... files) {
        return read(ComputeAgentConfig::from, files);
    }

    private static ApiNodeConfig apiNode(Path... files) {
        return read(ApiNodeConfig::from, files);
    }

    /** All that a process reads of its settings, as its main does. */
    private static <T> T read(Function<Settings, T> own, Path... files) {
        return Settings.load(List.of(files), Map.of()).checked(settings -> {
            T config = own.apply(settings);
            RpcConfig.from(settings);
            MonitorConfig.from(settings, 1);
            settings.seconds("DEFAULT", "graceful_shutdown_timeout", Duration.ofSeconds(60));
            return config;
        });
    }

    private static Path resource(String file) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(RealSettingsTest.class.getResource("/settings/" + file)).toURI());
    }

    /** A copy, as the original is root's. */
    private Path installed(String file) throws IOException {
        Path original = Path.of(file);
        assumeTrue(Files.isReadable(original), file + " is not installed here");
        return Files.copy(original, directory.resolve(original.getFileName()));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("reseat.conf"), text);
    }
}
