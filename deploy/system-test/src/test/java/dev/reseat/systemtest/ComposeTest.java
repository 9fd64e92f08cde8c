package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.ApiNodeConfig;
import dev.reseat.compute.ComputeAgentConfig;
import dev.reseat.monitor.MonitorConfig;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.volume.VolumeManagerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The stack of containers and the images name only what there is. */
final class ComposeTest {
    private static final Path DEPLOY = Path.of("..");
    private static final Pattern OURS = Pattern.compile("localhost/reseat-([a-z-]+):(.*)");

    private JsonNode stack;
    private final Map<String, JsonNode> ours = new TreeMap<>();

    @BeforeEach
    void read() throws IOException {
        Map<String, Object> text = new Yaml().load(Files.readString(DEPLOY.resolve("compose.yaml")));
        stack = new JsonMapper().valueToTree(text);
        stack.path("services").properties().forEach(service -> {
            if (OURS.matcher(image(service.getValue())).matches()) {
                ours.put(service.getKey(), service.getValue());
            }
        });
    }

    @Test
    void thereAreThreeBrokersTwoApiNodesAndTwoAgents() {
        assertThat(stack.path("services").propertyNames()).containsExactlyInAnyOrder(
                "rabbit-1", "rabbit-2", "rabbit-3", "postgres", "api-node-1", "api-node-2", "volume-manager",
                "compute-agent-1", "compute-agent-2");
    }

    @Test
    void imagesAreThoseThatAreBuilt() throws IOException {
        String build = Files.readString(DEPLOY.resolve("images/build"));
        String pom = Files.readString(DEPLOY.resolve("../pom.xml"));

        assertThat(ours).hasSize(5).allSatisfy((_, service) -> {
            var image = OURS.matcher(image(service));
            assertThat(image.matches()).isTrue();
            assertThat(build).contains("services=(api-node volume-manager compute-agent)")
                    .contains("\n        " + image.group(1) + ") port=");
            assertThat(pom).contains("\n  <version>" + image.group(2) + "</version>");
        });
    }

    /** As a service reads its environment: what nobody knows stops it. */
    @Test
    void settingsAreThoseOfTheServices() {
        assertThat(ours).allSatisfy((name, service) -> {
            Map<String, String> environment = environment(service);
            Settings.load(List.of(), environment).checked(settings -> {
                RpcConfig.from(settings);
                MonitorConfig.from(settings, 1);
                settings.seconds("DEFAULT", "graceful_shutdown_timeout", Duration.ofSeconds(60));
                own(name).accept(settings);
                return settings;
            });
            assertThat(environment.get("OS_DEFAULT__TRANSPORT_URL"))
                    .contains("@rabbit-1:5672", "@rabbit-2:5672", "@rabbit-3:5672");
        });
        assertThat(ours.values().stream().map(service -> environment(service).get("OS_DEFAULT__HOST")))
                .doesNotContainNull()
                .doesNotHaveDuplicates();
    }

    private static Consumer<Settings> own(String name) {
        if (name.startsWith("api-node")) {
            return ApiNodeConfig::from;
        }
        return name.equals("volume-manager")
                ? settings -> VolumeManagerConfig.from(settings, "storage-1")
                : ComputeAgentConfig::from;
    }

    @Test
    void whatIsNamedIsThere() {
        Collection<String> services = stack.path("services").propertyNames();
        Collection<String> volumes = stack.path("volumes").propertyNames();
        Collection<String> configs = stack.path("configs").propertyNames();

        assertThat(stack.path("services")).allSatisfy(service -> {
            assertThat(services).containsAll(service.path("depends_on").propertyNames());
            service.path("volumes").forEach(volume -> assertThat(volumes).contains(before(volume)));
            service.path("configs")
                    .forEach(config -> assertThat(configs).contains(config.path("source").asString()));
        });
    }

    @Test
    void whoIsWaitedForTellsHowItIs() throws IOException {
        String build = Files.readString(DEPLOY.resolve("images/build"));

        assertThat(build).contains("--healthcheck 'CMD healthcheck_reseat'");
        assertThat(stack.path("services")).allSatisfy(service -> service.path("depends_on")
                .properties()
                .forEach(other -> {
                    assertThat(other.getValue().path("condition").asString()).isEqualTo("service_healthy");
                    JsonNode one = stack.path("services").path(other.getKey());
                    assertThat(OURS.matcher(image(one)).matches() || one.has("healthcheck")).as(other.getKey())
                            .isTrue();
                }));
    }

    /** Everybody who reaches it is an administrator. */
    @Test
    void onlyThisMachineReachesIt() {
        stack.path("services")
                .forEach(service -> service.path("ports")
                        .forEach(port -> assertThat(port.asString()).startsWith("127.0.0.1:")));
        assertThat(ours).allSatisfy(
                (_, service) -> assertThat(service.path("privileged").asBoolean(false)).isFalse());
    }

    @Test
    void aServiceGetsTheTimeToEndThatItsUnitGivesIt() throws IOException {
        String unit = Files.readString(DEPLOY.resolve("systemd/reseat-api-node.service"));

        assertThat(ours).allSatisfy((_, service) -> assertThat(unit)
                .contains("\nTimeoutStopSec=" + service.path("stop_grace_period").asString().replace("s", "") + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api-node", "volume-manager", "compute-agent"})
    void kollaLaysOutTheSettingsOfTheService(String service) throws IOException {
        JsonNode config = new JsonMapper()
                .readTree(Files.readString(DEPLOY.resolve("images/kolla/reseat-" + service + ".json")));

        assertThat(config.path("command").asString()).isEqualTo("reseat-" + service);
        assertThat(config.path("config_files")).singleElement().satisfies(file -> {
            assertThat(file.path("source").asString()).startsWith("/var/lib/kolla/config_files/");
            assertThat(file.path("dest").asString()).isEqualTo("/etc/reseat/reseat-" + service + ".conf");
        });
    }

    private static String image(JsonNode service) {
        return service.path("image").asString();
    }

    private static String before(JsonNode volume) {
        return volume.asString().replaceFirst(":.*", "");
    }

    private static Map<String, String> environment(JsonNode service) {
        Map<String, String> environment = new HashMap<>();
        service.path("environment")
                .properties()
                .forEach(entry -> environment.put(entry.getKey(), entry.getValue().asString()));
        return environment;
    }
}
