package dev.reseat.rpc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/** The parser it extends says what is right. */
class PlainTextParserTest {
    private static final JsonFactory USUAL = JsonFactory.builder().build();
    private static final JsonFactory OURS = new PlainTextFactory(JsonFactory.builder());
    private static final List<String> PIECES = List.of(
            "\"", "\\", "\\\"", "\\n", "\\u0041", "\n", "é", "水", "\ud83d\ude00", "plain text of more than a word", "x",
            "{", "}", "[", "]", ":", ",", "null", "1", " ", "\"name\":", "\"text\"");

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"plain\"", "\"a long text, longer than a word\"", "\"\\\"\"", "\"one \\n two\"",
            "\"h\u00e9\"",
            "[\"one\", \"two\", {\"three\": \"four\"}, null, \"\"]", "{\"plain\": {\"plain\": \"\u6c34 and fire\"}}",
            "\"not closed", "\"not closed\\", "\"not\nallowed\"", "[\"a\" \"b\"]", "\"\ud83d\ude00\" \"second\""})
    void reads_what_it_read_before(String json) {
        assertSame(json);
    }

    @Test
    void whatever_comes_is_read_or_refused_as_before() {
        var random = new Random(20261122);
        for (int round = 0; round < 100_000; round++) {
            var json = new StringBuilder(random.nextBoolean() ? "[\"" : "{\"a name\": \"");
            random.ints(random.nextInt(8), 0, PIECES.size()).forEach(i -> json.append(PIECES.get(i)));
            assertSame(json.append(random.nextBoolean() ? "\"]" : "\"}").toString());
        }
    }

    @Test
    void a_text_may_be_as_long_as_the_constraints_allow() {
        var constraints = StreamReadConstraints.builder().maxStringLength(100).build();
        var limited = JsonMapper.builder(new PlainTextFactory(JsonFactory.builder().streamReadConstraints(constraints)))
                .build();
        assertThat(limited.readValue(bytes("\"" + "x".repeat(100) + "\""), String.class)).hasSize(100);
        assertThat(refusal(() -> limited.readValue(bytes("\"" + "x".repeat(101) + "\""), String.class)))
                .contains("101", "maximum allowed (100");
    }

    @Test
    void a_text_may_be_asked_for_again_in_every_way() {
        try (JsonParser parser = OURS.createParser(ObjectReadContext.empty(), bytes("[\"the first\", \"another\"]"))) {
            parser.nextToken();
            for (String text : List.of("the first", "another")) {
                parser.nextToken();
                assertThat(parser.getString()).isEqualTo(text);
                assertThat(parser.getString()).isEqualTo(text);
                assertThat(parser.getValueAsString()).isEqualTo(text);
                assertThat(new String(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength()))
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void what_is_before_and_after_does_not_count() {
        byte[] json = bytes("\"xx\"[\"a text\"]\"yy\"");
        assertThat(new JsonMapper(OURS).readValue(json, 4, json.length - 8, String[].class)).containsExactly("a text");
    }

    private static void assertSame(String json) {
        assertThat(read(OURS, json, false)).as(json).isEqualTo(read(USUAL, json, false));
        assertThat(read(OURS, json, true)).as(json).isEqualTo(read(USUAL, json, true));
    }

    /** All tokens with their texts and places, up to the one that is wrong. */
    private static List<String> read(JsonFactory factory, String json, boolean skipTexts) {
        List<String> read = new ArrayList<>();
        try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), bytes(json))) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                read.add(token + " at " + parser.currentTokenLocation().getByteOffset()
                        + (skipTexts
                                ? ""
                                : " " + parser.getString() + " to " + parser.currentLocation().getByteOffset()));
            }
        } catch (JacksonException e) {
            read.add(e.getMessage());
        }
        return read;
    }

    private static String refusal(Runnable reading) {
        try {
            reading.run();
            return "none";
        } catch (JacksonException e) {
            return e.getMessage();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
