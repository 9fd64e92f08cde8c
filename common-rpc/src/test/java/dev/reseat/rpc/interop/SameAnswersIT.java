package dev.reseat.rpc.interop;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.testing.OsloPeer;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Odd messages, written by hand, go to the real oslo.messaging server and to ours: both must answer alike. */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SameAnswersIT {
    private static final JsonMapper JSON = WireMapper.create();
    private static final JsonMapper PLAIN = new JsonMapper();

    private final Target theirs = Wire.fresh();
    private final Target ours = Wire.fresh();
    private final SameMethods methods = new SameMethods();
    private final Wire wire = new Wire();
    private OsloPeer python;
    private RpcServer server;
    private Connection connection;
    private Channel channel;

    @BeforeAll
    void start() throws Exception {
        python = OsloPeer.connect(wire.url());
        python.serve(theirs.exchange(), theirs.topic(), "host-a");
        server = wire.serve(ours, methods.endpoints());
        TransportUrl.Host host = TransportUrl.parse(wire.url()).hosts().getFirst();
        var factory = new ConnectionFactory();
        factory.setHost(host.name());
        factory.setPort(host.port());
        factory.setUsername(host.user());
        factory.setPassword(host.password());
        connection = factory.newConnection();
        channel = connection.createChannel();
    }

    @AfterAll
    void stop() throws Exception {
        connection.close();
        server.stop();
        python.close();
        wire.close();
    }

    /** The inner message, {@code _msg_id} and {@code _reply_q} left out. */
    static Stream<String> dispatched() {
        return Stream.of(
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.0'",
                "'method': 'echo', 'args': {'value': 1}",
                "'method': 'echo', 'args': {'value': 1}, 'version': null",
                "'method': 'echo', 'args': {'value': 1}, 'version': 1.2",
                "'method': 'echo', 'args': {'value': 1}, 'version': true",
                "'method': 'echo', 'args': {'value': 1}, 'version': ['1.0']",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '2'",
                "'method': 'echo', 'args': {'value': 1}, 'version': ''",
                "'method': 'echo', 'args': {'value': 1}, 'version': 'one'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.x'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.2.0'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.2.x'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.5.1'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.5.0'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.99999999999'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '99999999999.0'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.-99999999999'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.6'",
                "'method': 'echo', 'args': {'value': 1}, 'version': '1.6', 'namespace': 'none'",
                "'method': 'echo', 'args': {'value': 1}, 'namespace': null",
                "'method': 'echo', 'args': {'value': 1}, 'namespace': ''",
                "'method': 'echo', 'args': {'value': 1}, 'namespace': 5",
                "'method': 'echo', 'args': {'value': 1}, 'namespace': 'none', 'version': 7",
                "'method': 'ours', 'args': {}, 'namespace': 'reseat'",
                "'method': 'ours', 'namespace': 'reseat'",
                "'method': 'ours', 'args': null, 'namespace': 'reseat'",
                "'method': 'ours', 'args': [], 'namespace': 'reseat'",
                "'method': 'ours', 'args': 'text', 'namespace': 'reseat'",
                "'method': 'nosuch', 'args': null",
                "'method': 'echo', 'args': null, 'version': '9.0'",
                "'args': {'value': 1}",
                "'args': {'value': 1}, 'version': '9.0'",
                "'method': null, 'args': {'value': 1}",
                "'method': 5, 'args': {'value': 1}",
                "'method': '', 'args': {'value': 1}",
                "'method': '_private', 'args': {}",
                "'method': 'lookup', 'args': {'volume_id': 'v1'}",
                "'method': 'lookup', 'args': {}",
                "'method': 'lookup', 'args': {'volume_id': 'v1', 'more': 1}",
                "'method': 'echo', 'args': {'value': NaN}",
                "'method': 'echo', 'args': {'value': 1}, 'unknown': {'a': [1]}, '_timeout': 'soon'",
                "'method': 'echo', 'args': {'value': 1}, '_timeout': 1, '_context_roles': null",
                "'method': 'echo', 'args': {'value': 'a', 'value': 'b'}");
    }

    @ParameterizedTest
    @MethodSource("dispatched")
    void anOddRequestIsAnsweredAsPythonAnswersIt(String inner) throws Exception {
        String message = "{" + inner.replace('\'', '"') + ", \"_msg_id\": \"odd\", \"_reply_q\": \"%s\"}";
        String fresh = message.replaceFirst("}$", ", \"_unique_id\": \"" + UUID.randomUUID() + "\"}");

        Optional<String> theirAnswer = answer(theirs, enveloped(fresh), UnaryOperator.identity());

        assertThat(theirAnswer).isPresent();
        assertThat(answer(ours, enveloped(fresh), UnaryOperator.identity())).isEqualTo(theirAnswer);
    }

    /** Whole bodies; INNER stands for a good request as a JSON string, BARE for the same as an object. */
    @ParameterizedTest
    @ValueSource(strings = {
            "{'oslo.version': '2.0', 'oslo.message': INNER}", "BARE", "{'oslo.message': INNER, 'oslo.version': '2.0'}",
            "{'oslo.version': '2.0.0', 'oslo.message': INNER}",
            "{'oslo.version': '2.0', 'oslo.message': INNER, 'x': 1}",
            "{'oslo.version': '2.0.1', 'oslo.message': INNER}", "{'oslo.version': '2.1', 'oslo.message': INNER}",
            "{'oslo.version': '1.0', 'oslo.message': INNER}", "{'oslo.version': '3.0', 'oslo.message': INNER}",
            "{'oslo.version': '2', 'oslo.message': INNER}", "{'oslo.version': 2.0, 'oslo.message': INNER}",
            "{'oslo.version': null, 'oslo.message': INNER}", "{'oslo.version': '2.0', 'oslo.message': BARE}",
            "{'oslo.version': '2.0', 'oslo.message': null}", "{'oslo.version': '2.0', 'oslo.message': '[]'}",
            "{'oslo.version': '2.0', 'oslo.message': '{} {}'}", "{'oslo.version': '2.0', 'oslo.message': '{'}",
            "[]", "'text'", "null", "{", "", "not json", "{'oslo.version': '2.0', 'oslo.message': INNER} {}",
    })
    void anOddEnvelopeIsTakenOrRejectedAsPythonDoes(String body) throws Exception {
        String bare = "{\"method\": \"echo\", \"args\": {\"value\": 1}, \"_msg_id\": \"odd\", \"_reply_q\": \"%s\"}";
        String text =
                body.replace('\'', '"').replace("INNER", JSON.writeValueAsString(bare)).replace("BARE", bare);

        assertThat(answer(ours, text, UnaryOperator.identity()))
                .isEqualTo(answer(theirs, text, UnaryOperator.identity()));
    }

    static Stream<UnaryOperator<AMQP.BasicProperties.Builder>> properties() {
        return Stream.of(
                builder -> builder.contentType(null),
                builder -> builder.contentType("text/plain"),
                builder -> builder.contentType("application/json; charset=utf-8"),
                builder -> builder.contentType("application/octet-stream"),
                builder -> builder.contentEncoding(null),
                builder -> builder.contentEncoding("binary"),
                builder -> builder.contentEncoding("UTF-8"),
                builder -> builder.contentEncoding("utf-16"),
                builder -> builder.contentEncoding("us-ascii"),
                builder -> builder.contentEncoding("nonsense"),
                builder -> builder.headers(null),
                builder -> builder.headers(Map.of("x-other", "1")),
                builder -> builder.deliveryMode(1).priority(null).correlationId("x").type("y"));
    }

    @ParameterizedTest
    @MethodSource("properties")
    void oddPropertiesAreTakenOrRejectedAsPythonDoes(UnaryOperator<AMQP.BasicProperties.Builder> change)
            throws Exception {
        String body = enveloped("{\"method\": \"echo\", \"args\": {\"value\": \"é\"}, \"_msg_id\": \"odd\","
                + " \"_reply_q\": \"%s\"}");

        assertThat(answer(ours, body, change)).isEqualTo(answer(theirs, body, change));
    }

    /** The bytes of a good message, changed. */
    static Stream<UnaryOperator<byte[]>> bytes() {
        return Stream.of(
                body -> join(new byte[]{(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, body),
                body -> new String(body, UTF_8).getBytes(UTF_16),
                body -> new String(body, UTF_8).getBytes(UTF_16LE),
                body -> new String(body, UTF_8).getBytes(Charset.forName("UTF-32BE")),
                body -> new String(body, UTF_8).getBytes(ISO_8859_1),
                body -> join(" \t\r\n".getBytes(UTF_8), body),
                body -> join(body, " \n".getBytes(UTF_8)),
                body -> join(body, new byte[]{0}),
                body -> replaced(body, "é", new byte[]{(byte) 0xff}),
                body -> replaced(body, "é", new byte[]{(byte) 0xc0, (byte) 0x80}),
                body -> replaced(body, "é", new byte[]{(byte) 0xed, (byte) 0xa0, (byte) 0x80}),
                body -> replaced(body, "é", "\\\\ud800".getBytes(UTF_8)),
                body -> replaced(body, "é", "\\ud800".getBytes(UTF_8)),
                body -> replaced(body, "é", "\\ud83d\\udc18".getBytes(UTF_8)),
                body -> replaced(body, "é", new byte[]{1}),
                body -> replaced(body, "é", "\\u0001".getBytes(UTF_8)),
                body -> replaced(body, "é", "\\\\u0001".getBytes(UTF_8)),
                body -> replaced(body, "é", "\\\\x".getBytes(UTF_8)),
                body -> replaced(body, "é", "\\x".getBytes(UTF_8)),
                body -> replaced(body, "é", "\u007f\u2028".getBytes(UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("bytes")
    void oddBytesAreTakenOrRejectedAsPythonDoes(UnaryOperator<byte[]> change) throws Exception {
        String body = enveloped("{\"method\": \"echo\", \"args\": {\"value\": \"é\"}, \"_msg_id\": \"odd\","
                + " \"_reply_q\": \"%s\"}");

        assertThat(answer(ours, body, change, UnaryOperator.identity()))
                .isEqualTo(answer(theirs, body, change, UnaryOperator.identity()));
    }

    private static byte[] replaced(byte[] body, String text, byte[] with) {
        int at = new String(body, ISO_8859_1).indexOf(new String(text.getBytes(UTF_8), ISO_8859_1));
        byte[] rest = Arrays.copyOfRange(body, at + text.getBytes(UTF_8).length, body.length);
        return join(join(Arrays.copyOf(body, at), with), rest);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Test
    void aRepeatedUniqueIdRunsOnce() throws Exception {
        for (Target target : List.of(theirs, ours)) {
            publish(target, keep("first", "id-1"), UnaryOperator.identity());
            publish(target, keep("again", "id-1"), UnaryOperator.identity());
            publish(target, keep("second", "id-2"), UnaryOperator.identity());
        }

        assertThat(List.of(python.event().path("text").stringValue(), python.event().path("text").stringValue()))
                .containsExactlyInAnyOrder("first", "second");
        assertThat(List.of(methods.kept(), methods.kept())).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void aBlankMessageIdIsACast() throws Exception {
        for (Target target : List.of(theirs, ours)) {
            publish(target, enveloped("{\"method\": \"keep\", \"args\": {\"text\": \"blank\"}, \"_msg_id\": \"\"}"),
                    UnaryOperator.identity());
        }

        assertThat(python.event().path("text").stringValue()).isEqualTo("blank");
        assertThat(methods.kept()).isEqualTo("blank");
    }

    private static String keep(String text, String id) {
        return enveloped(
                "{\"method\": \"keep\", \"args\": {\"text\": \"" + text + "\"}, \"_unique_id\": \"" + id + "\"}");
    }

    private static String enveloped(String inner) {
        return PLAIN.writeValueAsString(Map.of("oslo.version", "2.0", "oslo.message", inner));
    }

    /**
     * Sends the body, then a plain request that shows that the server goes on.
     *
     * @param body with %s for the reply queue
     * @return what the body itself was answered, if it was
     */
    private Optional<String> answer(Target target, String body, UnaryOperator<AMQP.BasicProperties.Builder> change)
            throws Exception {
        return answer(target, body, UnaryOperator.identity(), change);
    }

    private Optional<String> answer(Target target, String body, UnaryOperator<byte[]> bytes,
            UnaryOperator<AMQP.BasicProperties.Builder> change) throws Exception {
        String queue = channel.queueDeclare().getQueue();
        BlockingQueue<JsonNode> replies = new LinkedBlockingQueue<>();
        channel.basicConsume(queue, true, (_, delivery) -> replies.add(inner(delivery.getBody())), _ -> {});
        publish(target, bytes.apply(body.replace("%s", queue).getBytes(UTF_8)), change);
        publish(target, enveloped("{\"method\": \"echo\", \"args\": {\"value\": \"mark\"}, \"_msg_id\": \"mark\","
                + " \"_reply_q\": \"" + queue + "\"}"), UnaryOperator.identity());
        Optional<String> answer = Optional.empty();
        boolean marked = false;
        JsonNode reply = replies.poll(20, SECONDS);
        while (reply != null) {
            boolean isMark = reply.path("_msg_id").stringValue().equals("mark");
            marked |= isMark;
            answer = isMark ? answer : Optional.of(essence(reply));
            // the two are answered by two threads: the second may overtake
            reply = marked && answer.isPresent() ? null : replies.poll(marked ? 300 : 20_000, MILLISECONDS);
        }
        channel.queueDelete(queue);
        return answer;
    }

    private void publish(Target target, String body, UnaryOperator<AMQP.BasicProperties.Builder> change)
            throws IOException {
        publish(target, body.getBytes(UTF_8), change);
    }

    private void publish(Target target, byte[] body, UnaryOperator<AMQP.BasicProperties.Builder> change)
            throws IOException {
        var standard = new AMQP.BasicProperties.Builder()
                .contentType("application/json")
                .contentEncoding("utf-8")
                .headers(Map.of())
                .deliveryMode(2)
                .priority(0);
        channel.basicPublish(
                target.exchange(), target.routingKey(), change.apply(standard).build(), body);
    }

    private static JsonNode inner(byte[] body) {
        return JSON.readTree(JSON.readTree(body).path("oslo.message").stringValue());
    }

    /** The result; or class and module of the failure, and the message where upstream's own classes give it. */
    private static String essence(JsonNode reply) {
        assertThat(reply.path("ending").booleanValue()).isTrue();
        if (reply.path("failure").isNull()) {
            return "result " + reply.path("result");
        }
        JsonNode failure = JSON.readTree(reply.path("failure").stringValue());
        String kind = failure.path("module").stringValue() + "." + failure.path("class").stringValue();
        return kind.startsWith("builtins") ? kind : kind + ": " + failure.path("message").stringValue();
    }
}
