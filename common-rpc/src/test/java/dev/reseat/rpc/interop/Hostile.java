package dev.reseat.rpc.interop;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.rabbitmq.client.AMQP;
import dev.reseat.rpc.envelope.GoldenMessages;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;

/**
 * A message that nobody in his right mind sends.
 *
 * @param body for the given inner message, which would be a good one
 */
record Hostile(String what, UnaryOperator<AMQP.BasicProperties.Builder> properties, Body body) {
    private static final int MANY = 16 << 20;

    @FunctionalInterface
    interface Body {
        byte[] of(String inner);
    }

    @Override
    public String toString() {
        return what;
    }

    /** Inner messages that end in one key more. */
    static Stream<Hostile> values() {
        return Stream.concat(Stream.of(
                with("100 000 lists deep", "\"x\": " + "[".repeat(100_000) + "]".repeat(100_000)),
                with("100 000 objects deep", "\"_context_x\": " + "{\"a\":".repeat(100_000) + "1"
                        + "}".repeat(100_000)),
                with("a million lists without end", "\"x\": " + "[".repeat(1_000_000)),
                with("a text of 20 MiB", "\"_context_x\": \"" + "x".repeat(20 << 20) + "\""),
                with("16 MiB of digits", "\"_context_x\": " + "9".repeat(MANY)),
                with("an exponent of 16 MiB", "\"x\": 1e" + "9".repeat(MANY)),
                with("every key twice", "\"method\": 1, \"args\": 2, \"_msg_id\": 3, \"_reply_q\": 4, \"result\": 5,"
                        + " \"failure\": 6, \"ending\": 7, \"_unique_id\": 8, \"version\": 9, \"_timeout\": [10]"),
                with("a _timeout of 1e999", "\"_timeout\": 1e999"),
                with("a _timeout that is huge", "\"_timeout\": 99999999999999999999"),
                with("a _timeout below zero", "\"_timeout\": -1e999"),
                with("a _timeout that is no number", "\"_timeout\": NaN"),
                with("a _timeout that is an object", "\"_timeout\": {}"),
                with("a reply queue of 300 bytes", "\"_reply_q\": \"" + "q".repeat(300) + "\""),
                with("a reply queue that is a number", "\"_reply_q\": 5"),
                with("a reply queue that is an object", "\"_reply_q\": {\"a\": []}"),
                with("a reply queue of control characters", "\"_reply_q\": \"\\u0000\\n\\ud800\""),
                with("an id of a megabyte", "\"_msg_id\": \"" + "f".repeat(1 << 20) + "\""),
                with("a unique id of a megabyte", "\"_unique_id\": \"" + "f".repeat(1 << 20) + "\""),
                with("a version without end", "\"version\": \"" + "1.".repeat(1 << 20) + "\""),
                with("a version with a huge number", "\"version\": \"1." + "9".repeat(100_000) + "\""),
                with("a method of a megabyte", "\"method\": \"" + "m".repeat(1 << 20) + "\""),
                with("a failure 100 000 deep", "\"failure\": \"" + "[".repeat(100_000) + "\""),
                with("a failure of 16 MiB of digits", "\"failure\": \"{\\\"args\\\": [" + "9".repeat(MANY) + "]}\"")),
                bodies());
    }

    private static Stream<Hostile> bodies() {
        return Stream.of(
                body("nothing", _ -> new byte[0]),
                body("one zero", _ -> new byte[1]),
                body("a byte order mark", inner -> join(new byte[]{(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
                        GoldenMessages.enveloped(inner))),
                body("UTF-16", inner -> recoded(inner, UTF_16)),
                body("UTF-32", inner -> recoded(inner, Charset.forName("UTF-32"))),
                body("bytes that no UTF-8 begins with", inner -> join(
                        new byte[]{(byte) 0xff, (byte) 0xfe}, GoldenMessages.enveloped(inner))),
                body("invalid UTF-8 in a text", inner -> spoiled(GoldenMessages.enveloped(inner), 0xff)),
                body("an overlong sequence", inner -> spoiled(GoldenMessages.enveloped(inner), 0xc0)),
                body("half a sequence", inner -> spoiled(GoldenMessages.enveloped(inner), 0xe2)),
                body("a million open brackets", _ -> "[".repeat(1_000_000).getBytes(UTF_8)),
                new Hostile("a zlib bomb", Hostile::compressed, _ -> deflated(new byte[160 << 20])),
                new Hostile("no zlib stream", Hostile::compressed, GoldenMessages::enveloped),
                new Hostile("half a zlib stream", Hostile::compressed, inner -> {
                    byte[] whole = deflated(GoldenMessages.enveloped(inner));
                    return Arrays.copyOf(whole, whole.length / 2);
                }),
                new Hostile("an unknown compression", builder -> builder.headers(Map.of("compression", "x")),
                        GoldenMessages::enveloped),
                new Hostile("a compression that is a table",
                        builder -> builder.headers(Map.of("compression", Map.of("a", 1))), GoldenMessages::enveloped),
                new Hostile("another content type", builder -> builder.contentType("application/x-python-serialize"),
                        GoldenMessages::enveloped),
                new Hostile("no properties at all", _ -> new AMQP.BasicProperties.Builder(),
                        GoldenMessages::enveloped));
    }

    private static Hostile with(String what, String key) {
        return body(what, inner -> GoldenMessages.enveloped(inner.substring(0, inner.length() - 1) + ", " + key + "}"));
    }

    private static Hostile body(String what, Body body) {
        return new Hostile(what, UnaryOperator.identity(), body);
    }

    private static AMQP.BasicProperties.Builder compressed(AMQP.BasicProperties.Builder builder) {
        return builder.headers(Map.of("compression", "application/x-gzip"));
    }

    private static byte[] recoded(String inner, Charset charset) {
        return new String(GoldenMessages.enveloped(inner), UTF_8).getBytes(charset);
    }

    /** With a wrong byte inside the first text of the inner message. */
    private static byte[] spoiled(byte[] body, int wrong) {
        byte[] spoiled = body.clone();
        int at = new String(body, UTF_8).indexOf("method");
        spoiled[at < 0 ? body.length / 2 : at] = (byte) wrong;
        return spoiled;
    }

    private static byte[] deflated(byte[] plain) {
        var bytes = new ByteArrayOutputStream();
        try (var zlib = new DeflaterOutputStream(bytes)) {
            zlib.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        var joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
