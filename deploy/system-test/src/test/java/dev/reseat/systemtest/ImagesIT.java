package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The images, as far as they can be looked at without an engine: built, and run by buildah in chroot isolation. */
@Tag("slow")
@Tag("broker")
final class ImagesIT {
    private static final Path HOME = Path.of(System.getProperty("basedir", ""), "target", "images").toAbsolutePath();
    private static final Path BUILD = Path.of("..", "images", "build").toAbsolutePath().normalize();
    private static final Path CONFIGURATION = HOME.resolve("storage.conf");
    private static final Duration LIMIT = Duration.ofMinutes(30);
    private static final Duration STARTED = Duration.ofSeconds(90);

    @TempDir private Path settings;

    private final List<String> containers = new ArrayList<>();

    /** Without the storage programs, which are Debian's; storage of its own, whose Debian is made once. */
    @BeforeAll
    static void build() throws IOException {
        BuiltPackages.requireTools("buildah", "debootstrap");
        BuiltPackages packages = BuiltPackages.current();
        Files.createDirectories(HOME);
        Files.writeString(CONFIGURATION, """
                [storage]
                driver = "overlay"
                graphroot = "%s"
                runroot = "%s"
                """.formatted(HOME.resolve("storage"), HOME.resolve("run")));
        Program.run(LIMIT, storage(), List.of(
                BUILD.toString(), "--no-tools", "--packages", packages.directory().toString())).assertSucceeded();
    }

    @BeforeEach
    void letTheServiceIn() {
        Program.run("chmod", "0755", settings.toString()).assertSucceeded();
    }

    @AfterEach
    void remove() {
        containers.forEach(container -> buildah("rm", container));
    }

    @ParameterizedTest
    @CsvSource({"api-node, 9091", "volume-manager, 9092", "compute-agent, 9093"})
    void anImageSaysHowItIsRun(String service, int port) {
        JsonNode image = new JsonMapper()
                .readTree(buildah("inspect", "--type", "image", image(service)));
        JsonNode config = image.at("/Docker/config");

        assertThat(config.path("User").asString()).isEqualTo("reseat");
        assertThat(config.path("Entrypoint").values().stream().map(JsonNode::asString))
                .containsExactly("dumb-init", "--single-child", "--");
        assertThat(config.path("Cmd").values().stream().map(JsonNode::asString)).containsExactly("kolla_start");
        assertThat(config.at("/Healthcheck/Test").values().stream().map(JsonNode::asString))
                .containsExactly("CMD", "healthcheck_reseat");
        assertThat(config.path("Env").values().stream().map(JsonNode::asString))
                .contains("RESEAT_PROGRAM=reseat-" + service, "OS_MONITOR__PORT=" + port);
        assertThat(config.path("StopSignal").asString()).isEqualTo("SIGTERM");
        assertThat(config.at("/Labels/org.opencontainers.image.version").asString()).isEqualTo("0.1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void anImageHoldsItsServiceAndKollasStart(String service) throws IOException {
        Path root = Path.of(buildah("mount", container(service)).strip());

        for (String program : List.of("kolla_start", "kolla_set_configs", "healthcheck_reseat")) {
            assertThat(root.resolve("usr/local/bin").resolve(program)).isExecutable();
        }
        assertThat(root.resolve("usr/bin/reseat-" + service)).isExecutable();
        assertThat(root.resolve("usr/bin/reseat")).isExecutable();
        assertThat(root.resolve("usr/lib/reseat").toFile().list())
                .containsExactlyInAnyOrder("runtime", "cli", service);
        assertThat(root.resolve("var/lib/kolla/config_files")).isEmptyDirectory();
        assertThat(root.resolve("packages")).doesNotExist();
        assertThat(Files.readString(root.resolve("etc/passwd"))).contains("\nreseat:x:1000:1000:");
        assertThat(Files.readString(root.resolve("etc/group"))).contains("\nkolla:x:42400:reseat");
    }

    /** Exit code 2: starting again does not help. */
    @ParameterizedTest
    @CsvSource({"api-node, connection", "volume-manager, enabled_backends"})
    void withoutSettingsItSaysWhichAreMissing(String service, String missing) {
        Program started = Program.run(LIMIT, storage(), entry(container(service), List.of()));

        assertThat(started.code()).as(started.err()).isEqualTo(2);
        assertThat(started.out()).contains("Running command: 'reseat-" + service + "'");
        assertThat(started.err()).contains(missing);
    }

    @Test
    void anAgentStartsWithTheSettingsThatKollaLaysOut() throws Exception {
        String host = "image-" + UUID.randomUUID();
        int port = LoopbackPorts.reserve();
        Files.copy(Path.of("..", "images", "kolla", "reseat-compute-agent.json"), settings.resolve("config.json"));
        Files.writeString(settings.resolve("reseat-compute-agent.conf"), """
                [DEFAULT]
                transport_url = %s
                host = %s
                compute_driver = none
                [cinder]
                auth_type = noauth
                username = nova
                project_id = admin
                endpoint_template = http://127.0.0.1:1/v3/%%(project_id)s
                [local]
                use_loop = false
                """.formatted(RabbitBroker.running().transportUrl(), host));
        String container = container("compute-agent");
        List<String> options = List.of("--volume", settings + ":/var/lib/kolla/config_files:ro",
                "--env", "KOLLA_CONFIG_STRATEGY=COPY_ALWAYS", "--env", "OS_MONITOR__PORT=" + port);
        var builder = new ProcessBuilder(entry(container, options)).redirectErrorStream(true);
        builder.environment().putAll(storage());
        Process process = builder.start();
        try {
            OutputLines output = OutputLines.of(process, HOME.resolve("agent.log"));
            output.await(line -> line.contains("reseat-compute-agent") && line.contains(" started in "), STARTED);

            assertThat(buildah("run", "--isolation", "chroot", "--env", "OS_MONITOR__PORT=" + port, container, "--",
                    "sh", "-c", "healthcheck_reseat && id -un").strip()).isEqualTo("reseat");

            assertThat(Files.readString(Path.of("/proc", "" + running(process, "/java").pid(), "maps")))
                    .contains("/usr/lib/reseat/compute-agent/compute-agent.aot\n");
            running(process, "/dumb-init").destroy();
            assertThat(process.waitFor(STARTED.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s", output.soFar()).isZero();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static ProcessHandle running(Process process, String program) {
        return process.descendants()
                .filter(one -> one.info().command().filter(name -> name.endsWith(program)).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static String image(String service) {
        return "localhost/reseat-" + service + ":0.1.0";
    }

    private String container(String service) {
        String container = buildah("from", "--pull-never", image(service)).strip();
        containers.add(container);
        return container;
    }

    /** What an engine would run, by the image's own words. */
    private static List<String> entry(String container, List<String> options) {
        List<String> words = new ArrayList<>(List.of("buildah", "run", "--isolation", "chroot"));
        words.addAll(options);
        words.addAll(List.of(container, "--", "dumb-init", "--single-child", "--", "kolla_start"));
        return words;
    }

    private static String buildah(String... words) {
        List<String> all = new ArrayList<>(List.of("buildah"));
        all.addAll(List.of(words));
        Program program = Program.run(LIMIT, storage(), all);
        program.assertSucceeded();
        return program.out();
    }

    private static Map<String, String> storage() {
        return Map.of("CONTAINERS_STORAGE_CONF", CONFIGURATION.toString());
    }
}
