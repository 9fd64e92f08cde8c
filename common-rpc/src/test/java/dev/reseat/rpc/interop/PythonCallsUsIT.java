package dev.reseat.rpc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.OsloPeer.Answer;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real oslo.messaging client calls our server. */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PythonCallsUsIT {
    private static final JsonMapper JSON = new JsonMapper();

    private final Target target = Wire.fresh();
    private final SameMethods methods = new SameMethods();
    private final Wire wire = new Wire();
    private OsloPeer python;
    private RpcServer server;

    @BeforeAll
    void start() {
        python = OsloPeer.connect(wire.url());
        server = wire.serve(target, methods.endpoints());
    }

    @AfterAll
    void stop() {
        python.close();
        server.stop();
        wire.close();
    }

    @Test
    void everyKindOfValueComesBackAsItWasSent() {
        Map<String, Object> value = new HashMap<>();
        value.put("text", "Žluťoučký 音量 \uD83D\uDC18 \"quoted\"\n\u0001");
        value.put("numbers", List.of(1, -2.5, 9_007_199_254_740_993L, 1e300));
        value.put("nothing", null);
        value.put("list", Arrays.asList(true, null, Map.of("a.b", List.of())));

        Answer answer = python.call(target, "echo", Map.of("value", value));

        assertThat(answer.result()).isEqualTo(JSON.valueToTree(value));
    }

    @Test
    void aMebibyteIsTaken() {
        assertThat(python.call(target, "size", Map.of("value", "é".repeat(1 << 20))).result().intValue())
                .isEqualTo(1 << 20);
    }

    @Test
    void sixteenMebibytesGoBothWays() {
        String value = "x".repeat(16 << 20);

        assertThat(python.call(target, "echo", Map.of("value", value)).result().stringValue()).isEqualTo(value);
    }

    @Test
    void nullIsAResult() {
        Answer answer = python.call(target, "keep", Map.of("text", "called"));

        assertThat(answer.failed()).isFalse();
        assertThat(answer.result().isNull()).isTrue();
    }

    @Test
    void castsAndFanoutsArrive() throws Exception {
        var other = Wire.fresh();
        var seen = new SameMethods();
        RpcServer listening = wire.serve(other, seen.endpoints());
        try {
            python.cast(other, "keep", Map.of("text", "to the server"));
            assertThat(seen.kept()).isEqualTo("to the server");
            python.cast(Target.of(other.exchange(), other.topic()), "keep", Map.of("text", "to any server"));
            assertThat(seen.kept()).isEqualTo("to any server");
            python.fanout(other, "keep", Map.of("text", "to all"));
            assertThat(seen.kept()).isEqualTo("to all");
        } finally {
            listening.stop();
        }
    }

    @Test
    void theContextArrives() {
        JsonNode context = python.call(target, "whoami", Map.of()).result();

        assertThat(context.path("user_id").stringValue()).isEqualTo("u1");
        assertThat(context.path("is_admin").booleanValue()).isTrue();
        assertThat(context.path("roles").path(0).stringValue()).isEqualTo("admin");
    }

    @Test
    void aFailureThatPythonKnowsIsRebuiltThereWithItsArguments() {
        Answer answer = python.call(target, "lookup", Map.of("volume_id", "v1"));

        assertThat(answer.type()).isEqualTo("VolumeNotFound_Remote");
        assertThat(answer.error().path("module").stringValue()).isEqualTo("cinder.exception_Remote");
        assertThat(answer.error().path("kwargs").path("volume_id").stringValue()).isEqualTo("v1");
        assertThat(answer.text()).as("no traceback").isEqualTo("Volume v1 could not be found.\n");
    }

    @Test
    void argumentsThatDoNotFitAreATypeError() {
        assertThat(python.call(target, "lookup", Map.of()).type()).isEqualTo("TypeError");
        Answer more = python.call(target, "lookup", Map.of("volume_id", "v1", "more", 1));
        assertThat(more.type()).isEqualTo("TypeError");
        assertThat(more.text()).contains("got an unexpected keyword argument 'more'");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
            "-, 1.0, nosuch, NoSuchMethod, Endpoint does not support RPC method nosuch",
            "-, 1.0, __class__, NoSuchMethod, Endpoint does not support RPC method __class__",
            "-, 1.6, echo, UnsupportedVersion, Endpoint does not support RPC version 1.6. Attempted method: echo",
            "-, 2.0, echo, UnsupportedVersion, Endpoint does not support RPC version 2.0. Attempted method: echo",
            "reseat, 1.1, ours, UnsupportedVersion, Endpoint does not support RPC version 1.1. Attempted method: ours",
            "other, 1.0, ours, UnsupportedVersion, Endpoint does not support RPC version 1.0. Attempted method: ours",
            "reseat, 1.0, echo, NoSuchMethod, Endpoint does not support RPC method echo",
    })
    void whatIsNotOfferedIsRefusedInUpstreamsWords(
            String namespace, String version, String method, String type, String text) {
        Target asked = target.atVersion(RpcVersion.parse(version));

        Answer answer = python.call(namespace == null ? asked : asked.inNamespace(namespace), method, Map.of());

        assertThat(answer.type()).isEqualTo("RemoteError");
        assertThat(answer.remoteType()).isEqualTo(type);
        assertThat(answer.value()).isEqualTo(text);
    }

    @Test
    void aNamespaceIsServed() {
        assertThat(python.call(target.inNamespace("reseat"), "ours", Map.of()).result().stringValue())
                .isEqualTo("ours");
    }

    @Test
    void aMonitoredCallIsKeptAlive() {
        Answer answer = python.call(target, "rest", Map.of("seconds", 3), Map.of("monitor", 2, "timeout", 30));

        assertThat(answer.result().stringValue()).isEqualTo("rested");
    }

    @Test
    void aSlowCallTimesOut() {
        Answer answer = python.call(target, "rest", Map.of("seconds", 2), Map.of("timeout", 1));

        assertThat(answer.type()).isEqualTo("MessagingTimeout");
    }

    @Test
    void aDeadHostTimesOut() {
        Answer answer = python.call(target.onServer("host-z"), "echo", Map.of("value", 1), Map.of("timeout", 1));

        assertThat(answer.type()).isEqualTo("MessagingTimeout");
    }

    @Test
    void aResultThatCannotBeWrittenIsAFailureAtOnce() {
        assertThat(python.call(target, "unwritable", Map.of()).type()).isEqualTo("TypeError");
    }

    @Test
    void pingIsAnswered() {
        assertThat(python.call(target, "oslo_rpc_server_ping", Map.of()).result().stringValue()).isEqualTo("pong");
    }

    @Test
    void novasInstanceIsReadAndWritten() throws Exception {
        JsonNode instance = golden("Instance-2.7.json");
        var args = Map.of("instance", instance, "volume_id", "v1", "delete_attachment", true);

        Answer answer = python.call(target.inNamespace("objects"), "remove_volume_connection", args);

        assertSameFields(instance, answer.result(), "nova_object");
    }

    @Test
    void cindersVolumeIsReadAndWritten() throws Exception {
        JsonNode volume = golden("Volume-1.9.json");
        Map<String, Object> args = new HashMap<>(Map.of("volume_id", "v1", "volume", volume));
        args.put("attachment_id", null);

        Answer answer = python.call(target.inNamespace("objects"), "detach_volume", args);

        assertSameFields(volume, answer.result(), "versioned_object");
    }

    /** Every field that we write has the value that was sent. */
    private static void assertSameFields(JsonNode sent, JsonNode answered, String prefix) {
        for (String part : List.of("name", "namespace", "version")) {
            assertThat(answered.path(prefix + "." + part)).isEqualTo(sent.path(prefix + "." + part));
        }
        JsonNode data = answered.path(prefix + ".data");
        assertThat(data.size()).isGreaterThan(20);
        data.forEachEntry((name, value) -> {
            JsonNode before = sent.path(prefix + ".data").path(name);
            if (before.path(prefix + ".name").isString()) {
                assertThat(value.path(prefix + ".name")).isEqualTo(before.path(prefix + ".name"));
            } else {
                assertThat(value).as(name).isEqualTo(before);
            }
        });
    }

    private static JsonNode golden(String name) throws IOException {
        try (var file = PythonCallsUsIT.class.getResourceAsStream("/golden/" + name)) {
            return JSON.readTree(new String(file.readAllBytes(), UTF_8));
        }
    }
}
