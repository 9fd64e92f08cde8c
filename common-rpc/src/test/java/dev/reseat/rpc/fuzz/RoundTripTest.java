package dev.reseat.rpc.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.GoldenMessages;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.WireMapper;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Any JSON value that is written comes back as it was: surrogates, NaN, huge numbers, deep and large ones. */
final class RoundTripTest {
    private static final int VALUES = 1_000;
    private static final int LARGE = 17 << 20; // more than 16 MiB
    private static final int DEEP = 900; // what Python still reads and writes
    private static final int DIGITS = 4_300; // the longest whole number that Python reads

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());

    @Test
    void argumentsAndContextComeBack() {
        var values = new JsonValues(1);
        Target target = Target.of("e", "t").inNamespace("n").atVersion(RpcVersion.of(3, 7));
        for (int i = 0; i < VALUES; i++) {
            Map<String, Object> args = values.nextObject();
            var context = new RequestContext(values.nextObject());
            String method = "m" + values.nextText();
            var reply = new Message.ReplyTo(CallId.random(), Optional.of("q" + values.nextText()), i);

            var read =
                    (Message.Request) codec.decode(codec.request(target, method, args, context, Optional.of(reply)));

            assertThat(read.method()).isEqualTo(method);
            assertThat(codec.bind(read.args(), Object.class)).isEqualTo(args);
            assertThat(read.context()).isEqualTo(context);
            assertThat(read.reply()).contains(reply);
            assertThat(read.namespace()).contains("n");
            assertThat(read.version()).contains("3.7");
        }
    }

    @Test
    void resultsComeBack() {
        var values = new JsonValues(2);
        for (int i = 0; i < VALUES; i++) {
            Object value = values.next();
            assertThat(returned(value)).isEqualTo(value);
        }
    }

    @Test
    void failuresComeBack() {
        var values = new JsonValues(3);
        for (int i = 0; i < VALUES; i++) {
            var failure = new Failure(
                    values.nextText() + "x", values.nextText() + "x", values.nextText(),
                    List.of(values.nextText(), values.nextObject()), values.nextObject());

            var read = (Message.Reply) codec.decode(codec.failure(CallId.random(), failure));

            assertThat(read.failure()).contains(failure);
        }
    }

    /** Python's reader of the same bytes is the reader of the recorder: what it recorded is read back by our own. */
    @Test
    void recordedMessagesComeBack() {
        GoldenMessages.all().forEach((name, body) -> {
            if (codec.decode(body) instanceof Message.Request request && !request.method().isEmpty()) {
                Target target = Target.of("e", "t").atVersion(RpcVersion.parse(request.version().orElseThrow()));
                byte[] again = codec.request(
                        request.namespace().map(target::inNamespace).orElse(target),
                        request.method(),
                        codec.bind(request.args(), Map.class),
                        request.context(),
                        request.reply());
                assertThat(GoldenMessages.canonical(again)).as(name).isEqualTo(GoldenMessages.canonical(body));
            }
        });
    }

    static Stream<Arguments> large() {
        return Stream.of(
                Arguments.of("a long text", "x".repeat(LARGE)),
                Arguments.of("a long text of three bytes a letter", "音".repeat(LARGE / 3)),
                Arguments.of("a long text of four bytes a letter", "\uD83D\uDC18".repeat(LARGE / 4)),
                Arguments.of("a long text that has to be escaped", "\u0001\"\\\n".repeat(LARGE / 16)),
                Arguments.of("a long key", Map.of("k".repeat(LARGE), 1)),
                Arguments.of("many values", Collections.nCopies(1 << 20, 0)),
                Arguments.of("the longest number", BigInteger.TEN.pow(DIGITS - 1)),
                Arguments.of("the longest negative number", BigInteger.TEN.pow(DIGITS - 1).negate()),
                Arguments.of("a deep list", nested(DEEP)));
    }

    @ParameterizedTest
    @MethodSource("large")
    void whatIsLargeButLegalComesBack(String what, Object value) {
        assertThat(returned(value).equals(value)).as(what).isTrue();
        var request = (Message.Request) codec.decode(codec.request(
                Target.of("e", "t"), "m", Map.of(), new RequestContext(Map.of("key", value)), Optional.empty()));
        assertThat(request.context().values().get("key").equals(value)).as(what).isTrue();
    }

    private static Object nested(int depth) {
        Object value = List.of(1);
        for (int i = 1; i < depth; i++) {
            value = List.of(value);
        }
        return value;
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of("100 000 lists deep", "[".repeat(100_000) + "]".repeat(100_000)),
                Arguments.of("100 000 objects deep", "{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)),
                Arguments.of("1 000 000 lists deep and no end", "[".repeat(1_000_000)),
                Arguments.of("16 MiB of digits", "9".repeat(16 << 20)),
                Arguments.of("a fraction of 16 MiB of digits", "0." + "9".repeat(16 << 20)));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void whatIsHostileIsMalformed(String what, String value) {
        for (String key : List.of("args", "_context_roles", "_timeout")) {
            String inner = "{\"method\": \"m\", \"" + key + "\": " + value + "}";
            byte[] body = GoldenMessages.enveloped(inner);

            assertThatThrownBy(() -> codec.decode(body)).as(what).isInstanceOf(MalformedMessage.class);
        }
    }

    /** In a failure they are no reason to let the caller wait on. */
    @ParameterizedTest
    @MethodSource("hostile")
    void aFailureThatIsHostileIsStillAFailure(String what, String value) {
        var mapper = WireMapper.create();
        byte[] body = GoldenMessages.enveloped("{\"_msg_id\": \"1\", \"ending\": true, \"failure\": "
                + mapper.writeValueAsString("{\"class\": \"E\", \"args\": " + value + "}") + "}");

        assertThatCode(() -> assertThat(((Message.Reply) codec.decode(body)).failure()).as(what).isPresent())
                .doesNotThrowAnyException();
    }

    private Object returned(Object value) {
        var reply = (Message.Reply) codec.decode(codec.result(new CallId("1"), value));
        return codec.bind(reply.result(), Object.class);
    }
}
