package dev.reseat.rpc.envelope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What is read without a parser is what a parser reads; everything else is left to one. */
class PlainEnvelopeTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String HEAD = "{\"oslo.version\": \"2.0\", \"oslo.message\": \"";

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\\\"method\\\": \\\"a b\\\"}", "\\\\\\\"", "\\\\\\\\"})
    void a_text_with_quotation_marks_and_backslashes_is_read_as_a_parser_reads_it(String escaped) {
        String body = HEAD + escaped + "\"}";
        assertEquals(Optional.of(parsed(body)), plain(body));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\u0041", "\\/", "\n", "\u007f\u00e9", "a\"b", "\\", "a\\\\\\"})
    void other_escapes_and_what_is_no_json_are_left_to_the_parser(String escaped) {
        assertEquals(Optional.empty(), plain(HEAD + escaped + "\"}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "{\"oslo.version\": \"2.0\", \"oslo.message\": \"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"x\"", "{\"oslo.version\":\"2.0\",\"oslo.message\":\"x\"}",
            "{\"oslo.message\": \"x\", \"oslo.version\": \"2.0\"}",
            "{\"oslo.version\": \"3.0\", \"oslo.message\": \"x\"}",
            "{\"oslo.version\": \"2.0\", \"oslo.message\": \"x\"} "})
    void another_form_is_left_to_the_parser(String body) {
        assertEquals(Optional.empty(), plain(body));
    }

    @Test
    void whatever_is_read_is_what_a_parser_reads() {
        var random = new Random(20261122);
        String letters = "\\\\\"\"aZ {}:,/nu0é\n\u007f";
        int read = 0;
        for (int round = 0; round < 100_000; round++) {
            var text = new StringBuilder(HEAD);
            random.ints(random.nextInt(8), 0, letters.length()).forEach(i -> text.append(letters.charAt(i)));
            String body = text.append("\"}").toString();
            Optional<String> plain = plain(body);
            plain.ifPresent(inner -> assertEquals(parsed(body), inner, body));
            read += plain.isPresent() ? 1 : 0;
        }
        assertTrue(read > 10_000, "only " + read);
    }

    private static Optional<String> plain(String body) {
        return PlainEnvelope.inner(body.getBytes(StandardCharsets.UTF_8)).map(PlainEnvelopeTest::text);
    }

    private static String text(ByteBuffer ascii) {
        return StandardCharsets.US_ASCII.decode(ascii).toString();
    }

    private static String parsed(String body) {
        return JSON.readTree(body).get("oslo.message").asString();
    }
}
