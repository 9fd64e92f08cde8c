package dev.reseat.rpc.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.object.WireMapper;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EnvelopeCodecTest {
    private static final Target TARGET =
            Target.of("nova", "compute").onServer("host-a").atVersion(RpcVersion.of(6, 3));
    private static final JsonMapper JSON = new JsonMapper();

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());

    @Test
    void aCallHasTheKeysOfTheWireInTheirOrder() {
        var reply = new Message.ReplyTo(new CallId("389ebd310b994aea98532663448d668a"), Optional.of("reply_1"), 0);
        var context = new RequestContext(Map.of("user_id", "u1"));

        JsonNode inner = inner(codec.request(TARGET, "echo", Map.of("x", 1), context, Optional.of(reply)));

        assertThat(inner.propertyNames())
                .containsExactly(
                        "method", "args", "version", "_msg_id", "_reply_q", "_timeout", "_unique_id",
                        "_context_user_id");
        assertThat(inner.path("_timeout").isNull()).as("a number would ask for heartbeats").isTrue();
        assertThat(inner.path("version").stringValue()).isEqualTo("6.3");
        assertThat(inner.path("_unique_id").stringValue()).matches("[0-9a-f]{32}");
    }

    @Test
    void aCastNamesNoReply() {
        var target = TARGET.inNamespace("reseat");

        JsonNode inner = inner(codec.request(target, "echo", Map.of(), RequestContext.admin(), Optional.empty()));

        assertThat(inner.propertyNames()).contains("namespace").doesNotContain("_msg_id", "_reply_q", "_timeout");
    }

    @Test
    void aRequestComesBackAsItWasSent() {
        var reply = new Message.ReplyTo(CallId.random(), Optional.of("reply_é"), 30);
        var context = RequestContext.of("u", "p", true, "req-1");

        var read = (Message.Request) codec
                .decode(codec.request(TARGET, "echo", Map.of("x", List.of(1, "ü\n")), context, Optional.of(reply)));

        assertThat(read.method()).isEqualTo("echo");
        assertThat(read.context()).isEqualTo(context);
        assertThat(read.reply()).contains(reply);
        assertThat((Object) codec.bind(read.args(), Map.class)).isEqualTo(Map.of("x", List.of(1, "ü\n")));
        assertThat(read.defects()).isEqualTo(new Message.Defects(Optional.empty(), Optional.empty(), Optional.empty()));
    }

    @Test
    void aFailureIsAStringThatHoldsJsonWithoutTraceback() {
        var failure =
                new Failure("VolumeNotFound", "cinder.exception", "gone", List.of("gone"), Map.of("volume_id", "1"));
        byte[] body = codec.failure(new CallId("id"), failure);

        JsonNode inner = inner(body);
        assertThat(inner.path("failure").isString()).isTrue();
        assertThat(JSON.readTree(inner.path("failure").stringValue()).path("tb").size()).isZero();
        assertThat(inner.path("ending").booleanValue()).isTrue();
        assertThat(((Message.Reply) codec.decode(body)).failure()).contains(failure);
    }

    @Test
    void aFailurePassedOnBySomebodyLosesTheRemoteSuffix() {
        String failure = "{\"class\": \"Gone_Remote\", \"module\": \"cinder.exception_Remote\", \"message\": \"m\"}";
        var reply = (Message.Reply) codec.decode(bytes(Map.of(
                "_msg_id", "id", "result", Map.of(), "failure", failure, "ending", true)));

        assertThat(reply.failure()).contains(new Failure("Gone", "cinder.exception", "m", List.of(), Map.of()));
    }

    @Test
    void aResultAlwaysSaysThatItDidNotFail() {
        JsonNode inner = inner(codec.result(new CallId("id"), null));

        assertThat(inner.propertyNames()).containsExactly("result", "failure", "ending", "_msg_id", "_unique_id");
        assertThat(inner.path("failure").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SECONDS", "17", "\"é\" \\ \n", "half \uD83D"})
    void aResultThatIsAStringBecomesWhatTheCallerAsksFor(String result) {
        RawJson read = ((Message.Reply) codec.decode(codec.result(new CallId("id"), result))).result();

        assertThat(codec.bind(read, String.class)).isEqualTo(result);
        assertThat(codec.bind(read, Object.class)).isEqualTo(result);
        assertThat(codec.bind(read, JsonNode.class).stringValue()).isEqualTo(result);
        if (result.equals("SECONDS")) {
            assertThat(codec.bind(read, TimeUnit.class)).isEqualTo(TimeUnit.SECONDS);
        }
    }

    @Test
    void aHeartbeatDoesNotEnd() {
        assertThat(((Message.Reply) codec.decode(codec.heartbeat(new CallId("id")))).ending()).isFalse();
    }

    @Test
    void aMessageWithoutEnvelopeIsRead() {
        var request = (Message.Request) codec.decode("{\"method\": \"echo\", \"args\": {}}".getBytes(UTF_8));

        assertThat(request.version()).contains("1.0");
    }

    @Test
    void whyAMessageIsMalformedQuotesNothingOfIt() {
        assertThatThrownBy(() -> codec.decode("{\"args\": hunter2}".getBytes(UTF_8)))
                .hasMessageContaining("line 1, column")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void theVersionMayComeAfterTheMessage() {
        String body = "{\"oslo.message\": \"{\\\"method\\\": \\\"echo\\\"}\", \"oslo.version\": \"2.0\"}";

        assertThat(((Message.Request) codec.decode(body.getBytes(UTF_8))).method()).isEqualTo("echo");
    }

    @Test
    void anyTextComesThroughBothLayersOfQuoting() {
        String text = "\" \\ \\\" \n \u0000 \u007f é 漢 \uD83D\uDE00 half \uD83D \u2028 ".repeat(700);

        byte[] body = codec.request(TARGET, "echo", Map.of("x", text), RequestContext.admin(), Optional.empty());

        var read = (Message.Request) codec.decode(body);
        assertThat((Object) codec.bind(read.args(), Map.class)).isEqualTo(Map.of("x", text));
        assertThat(new String(body, UTF_8)).as("as Python writes it").isASCII().contains("\\\\u00e9");
    }

    @Test
    void ofAKeyThatIsThereTwiceTheLastOneCounts() {
        var read = (Message.Request) codec.decode(
                "{\"method\": 1, \"method\": \"echo\", \"args\": \"x\", \"args\": {}}".getBytes(UTF_8));

        assertThat(read.method()).isEqualTo("echo");
        assertThat(read.defects().args()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", "not json", "[1]", "\"text\"", "{\"oslo.version\": \"3.0\", \"oslo.message\": \"{}\"}",
            "{\"oslo.version\": \"2.1\", \"oslo.message\": \"{}\"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": {}}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"[]\"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"{\"}",
            "{\"oslo.version\": 2.0, \"oslo.message\": \"{}\"}", "{\"oslo.version\": null, \"oslo.message\": \"{}\"}",
            "{\"oslo.version\": \"2.0.1\", \"oslo.message\": \"{}\"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"{} {}\"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"{}\"} {}", "{\"oslo.version\": \"2.0\"",
    })
    void whatIsNoMessageIsMalformed(String body) {
        assertThatThrownBy(() -> codec.decode(body.getBytes(UTF_8))).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void aMessageNestedBeyondReasonIsMalformed() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);

        assertThatThrownBy(() -> codec.decode(("{\"method\": \"m\", \"args\": {\"x\": " + deep + "}}").getBytes(UTF_8)))
                .isInstanceOf(MalformedMessage.class);
    }

    @Test
    void argumentsThatAreNoObjectAreADefectThatCanBeAnswered() {
        var request = (Message.Request) codec.decode("{\"method\": \"m\", \"args\": null}".getBytes(UTF_8));

        assertThat(request.defects().args()).map(Failure::type).contains("AttributeError");
    }

    private static byte[] bytes(Map<String, Object> inner) {
        return JSON.writeValueAsBytes(
                Map.of("oslo.version", "2.0", "oslo.message", JSON.writeValueAsString(inner)));
    }

    private static JsonNode inner(byte[] body) {
        JsonNode outer = JSON.readTree(body);
        assertThat(outer.propertyNames()).containsExactly("oslo.version", "oslo.message");
        assertThat(outer.path("oslo.version").stringValue()).isEqualTo("2.0");
        return JSON.readTree(outer.path("oslo.message").stringValue());
    }
}
