package dev.reseat.rpc.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.object.WireMapper;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the real oslo.messaging has written is what we write of the same input, and means to us what it meant there. */
final class GoldenMessagesTest {
    private static final CallId ID = new CallId("f".repeat(32));
    private static final Target TARGET = Target.of("golden", "golden-topic").atVersion(RpcVersion.of(6, 3));
    private static final RequestContext NO_CONTEXT = new RequestContext(Map.of());

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());

    /** The context of the recorder. */
    private static RequestContext context() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("user_id", "u1");
        values.put("project_id", "p1");
        values.put("is_admin", true);
        values.put("roles", List.of("admin", "rôle"));
        values.put("auth_token", null);
        values.put("request_id", "req-00000000-0000-4000-8000-000000000001");
        values.put("service_catalog", List.of(Map.of("type", "volumev3")));
        return new RequestContext(values);
    }

    /** The values of the recorder. */
    private static Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("text", "Žluťoučký 音量 \uD83D\uDC18 \"quoted\" \\ / \n\r\t\b\f\u0000\u001f\u007f\u2028");
        values.put("numbers", List.of(0, -1, 1L << 31, (1L << 53) + 1, Long.MIN_VALUE, BigInteger.TWO.pow(200), 0.1,
                -2.5, 1e16, 1e300, Double.MIN_VALUE, -0.0));
        values.put("nothing", null);
        values.put("truths", List.of(true, false));
        values.put("empty", List.of(Map.of(), List.of(), ""));
        values.put("a.b", Map.of("", Map.of("deep", List.of(List.of(List.of(List.of(1)))))));
        values.put("half a pair", "\uD83D");
        return values;
    }

    private static List<Double> notFinite() {
        return List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }

    private static Optional<Message.ReplyTo> replyTo(int monitorSeconds) {
        return Optional.of(new Message.ReplyTo(ID, Optional.of("reply_" + "f".repeat(32)), monitorSeconds));
    }

    private void assertWrites(byte[] written, String golden) {
        assertThat(GoldenMessages.canonical(written)).isEqualTo(GoldenMessages.canonical(GoldenMessages.named(golden)));
    }

    @Test
    void aCallIsWrittenAsPythonWritesIt() {
        assertWrites(codec.request(TARGET, "echo", Map.of("value", values()), context(), replyTo(0)), "call");
    }

    @Test
    void aMonitoredCallIsWrittenAsPythonWritesIt() {
        assertWrites(
                codec.request(TARGET, "echo", Map.of("value", notFinite()), context(), replyTo(60)), "call-monitored");
    }

    @Test
    void aNamespaceIsWrittenAsPythonWritesIt() {
        Target volume = TARGET.inNamespace("volume").atVersion(RpcVersion.of(3, 20));
        Target reseat = TARGET.inNamespace("reseat").atVersion(RpcVersion.of(1, 0));

        assertWrites(codec.request(volume, "get_all", Map.of(), NO_CONTEXT, replyTo(0)), "call-namespace");
        assertWrites(
                codec.request(reseat, "keep", Map.of("text", "to any"), NO_CONTEXT, Optional.empty()),
                "cast-namespace");
    }

    @Test
    void castsAndFanoutsAreWrittenAsPythonWritesThem() {
        assertWrites(codec.request(TARGET, "keep", Map.of("text", "café", "empty", ""), context(), Optional.empty()),
                "cast");
        assertWrites(codec.request(TARGET, "keep", Map.of("text", "to all"), context(), Optional.empty()), "fanout");
    }

    @Test
    void resultsAreWrittenAsPythonWritesThem() {
        assertWrites(codec.result(ID, values()), "result");
        assertWrites(codec.result(ID, null), "result-null");
        assertWrites(codec.result(ID, "音"), "result-text");
        assertWrites(codec.result(ID, notFinite()), "result-not-finite");
    }

    @Test
    void heartbeatsAreWrittenAsPythonWritesThem() {
        assertWrites(codec.heartbeat(ID), "heartbeat");
        assertWrites(codec.result(ID, null), "result-after-heartbeat");
    }

    static Stream<Arguments> failures() {
        String found = "Volume v1 could not be found.";
        var cinder = new Failure("VolumeNotFound", "cinder.exception", found, List.of(found),
                Map.of("volume_id", "v1", "code", 404));
        String dispatcher = "oslo_messaging.rpc.dispatcher";
        return Stream.of(
                Arguments.of("failure-value", Failure.of("builtins", "ValueError", "no volume ž\n\"x\"")),
                Arguments.of("failure-empty", new Failure("RuntimeError", "builtins", "", List.of(), Map.of())),
                Arguments.of("failure-key",
                        new Failure("KeyError", "builtins", "'volume_id'", List.of("volume_id"), Map.of())),
                Arguments.of("failure-several", new Failure("FileNotFoundError", "builtins",
                        "[Errno 2] No such file: '/dev/vol'", List.of(2, "No such file"), Map.of())),
                Arguments.of("failure-cinder", cinder),
                Arguments.of("failure-remote", cinder),
                Arguments.of("failure-expected", cinder),
                Arguments.of("failure-arguments", Failure.of("builtins", "TypeError",
                        "Endpoint.echo() got an unexpected keyword argument 'other'")),
                Arguments.of("failure-method",
                        Failure.of(dispatcher, "NoSuchMethod", "Endpoint does not support RPC method nosuch")),
                Arguments.of("failure-version", Failure.of(dispatcher, "UnsupportedVersion",
                        "Endpoint does not support RPC version 1.6. Attempted method: echo")));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresAreWrittenAsPythonWritesThemButForTheTraceback(String golden, Failure failure) {
        assertWrites(codec.failure(ID, failure), golden);
        assertThat(GoldenMessages.inner(codec.failure(ID, failure)).get("failure").toString()).contains("\"tb\":[]");
    }

    @ParameterizedTest
    @MethodSource("failures")
    void failuresAreRead(String golden, Failure failure) {
        var reply = (Message.Reply) codec.decode(GoldenMessages.named(golden));

        assertThat(reply.failure()).contains(failure);
        assertThat(reply.ending()).isTrue();
        assertThat(reply.id()).isEqualTo(ID);
    }

    private static Map<String, Object> notification(String golden) {
        Map<String, Object> recorded = GoldenMessages.inner(GoldenMessages.named(golden));
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("message_id", recorded.get("message_id"));
        message.put("publisher_id", "volume.host-1");
        message.put("event_type", "volume.reset_status.start");
        message.put("priority", "INFO");
        Map<String, Object> pair = new LinkedHashMap<>();
        pair.put("key", "k");
        pair.put("value", null);
        message.put("payload",
                Map.of("volume_id", "v1", "size", 1, "display_name", "café", "metadata", List.of(pair)));
        message.put("timestamp", recorded.get("timestamp"));
        return message;
    }

    @Test
    void notificationsAreWrittenAsPythonWritesThem() {
        assertWrites(codec.notification(notification("notification-v2"), context()), "notification-v2");
        assertWrites(codec.bareNotification(notification("notification-v1"), context()), "notification-v1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notification-v2", "notification-v1"})
    void notificationsAreRead(String golden) {
        NotificationMessage read = codec.readNotification(GoldenMessages.named(golden));

        assertThat(read.fields()).isEqualTo(notification(golden));
        assertThat(read.context()).isEqualTo(context().redacted());
        assertThat(read.uniqueId().orElseThrow()).matches("[0-9a-f]{32}");
    }

    @Test
    void aCallIsRead() {
        var call = (Message.Request) codec.decode(GoldenMessages.named("call"));

        assertThat(call.method()).isEqualTo("echo");
        assertThat(call.version()).contains("6.3");
        assertThat(call.namespace()).isEmpty();
        assertThat((Object) codec.bind(call.args(), Map.class)).isEqualTo(Map.of("value", values()));
        assertThat(call.context()).isEqualTo(context());
        assertThat(call.uniqueId().orElseThrow()).matches("[0-9a-f]{32}");
        assertThat(call.reply().orElseThrow().queue().orElseThrow()).matches("reply_[0-9a-f]{32}");
        assertThat(call.reply().orElseThrow().monitorSeconds()).isZero();
    }

    @Test
    void aMonitoredCallIsRead() {
        var call = (Message.Request) codec.decode(GoldenMessages.named("call-monitored"));

        assertThat(call.reply().orElseThrow().monitorSeconds()).isEqualTo(60);
        assertThat((Object) codec.bind(call.args(), Map.class)).isEqualTo(Map.of("value", notFinite()));
    }

    @ParameterizedTest
    @CsvSource({"call-namespace, get_all, volume, true", "cast-namespace, keep, reseat, false"})
    void aNamespaceIsRead(String golden, String method, String namespace, boolean isCall) {
        var request = (Message.Request) codec.decode(GoldenMessages.named(golden));

        assertThat(request.method()).isEqualTo(method);
        assertThat(request.namespace()).contains(namespace);
        assertThat(request.reply().isPresent()).isEqualTo(isCall);
        assertThat(request.context()).isEqualTo(NO_CONTEXT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cast", "fanout"})
    void castsAreRead(String golden) {
        var request = (Message.Request) codec.decode(GoldenMessages.named(golden));

        assertThat(request.method()).isEqualTo("keep");
        assertThat(request.reply()).isEmpty();
        assertThat(request.defects()).isEqualTo(new Message.Defects(Optional.empty(), Optional.empty(),
                Optional.empty()));
    }

    @Test
    void repliesAreRead() {
        assertThat(result("result")).isEqualTo(values());
        assertThat(result("result-text")).isEqualTo("音");
        assertThat(result("result-not-finite")).isEqualTo(notFinite());
        assertThat(((Message.Reply) codec.decode(GoldenMessages.named("result-null"))).result().isNull()).isTrue();
        assertThat(codec.decode(GoldenMessages.named("heartbeat")))
                .isEqualTo(new Message.Reply(ID, RawJson.NULL, Optional.empty(), false));
    }

    private Object result(String golden) {
        var reply = (Message.Reply) codec.decode(GoldenMessages.named(golden));
        assertThat(reply.failure()).isEmpty();
        assertThat(reply.ending()).isTrue();
        return codec.bind(reply.result(), Object.class);
    }

    /** So that a message that is recorded anew is not forgotten here. */
    @Test
    void everyRecordedMessageIsCompared() {
        List<String> compared = Stream.concat(
                failures().map(failure -> (String) failure.get()[0]),
                Arrays.stream("call call-monitored call-namespace cast cast-namespace fanout heartbeat notification-v1"
                        .concat(" notification-v2 objects-cinder objects-nova result result-after-heartbeat")
                        .concat(" result-not-finite result-null")
                        .concat(" result-text")
                        .split(" ")))
                .toList();

        assertThat(GoldenMessages.all().keySet()).containsExactlyInAnyOrderElementsOf(compared);
    }
}
