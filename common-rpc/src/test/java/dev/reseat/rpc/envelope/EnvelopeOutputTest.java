package dev.reseat.rpc.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.object.WireMapper;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Jackson says what is right. */
final class EnvelopeOutputTest {
    private static final JsonMapper MAPPER = WireMapper.create();

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 64, 1025, 70_000})
    void everyCharacterIsWrittenAsItIsReadAtEveryPlaceOrLeftToTheMapper(int before) {
        for (char c = 0; c < 0x180; c++) {
            assertWritten("x".repeat(before) + c + "y");
        }
    }

    @Test
    void halvesOfSurrogatePairsAndQuestionMarksAreNotTakenForEachOther() {
        for (String text : new String[]{"", "?", "\ud83d", "\ude00", "\ud83d\ude00", "?\ude00", "水?", "Ł"}) {
            assertWritten(text);
        }
    }

    private static void assertWritten(String text) {
        var output = new InnerOutput(MAPPER);
        output.field("\\\"text\\\":".getBytes(StandardCharsets.US_ASCII), text);
        byte[] whole = output.finish();

        String inner = MAPPER.readTree(whole).path("oslo.message").stringValue();
        assertThat(MAPPER.readTree(inner).path("text").stringValue()).isEqualTo(text);
        assertThat(PlainEnvelope.inner(whole)).hasValueSatisfying(
                read -> assertThat(RawJson.of(read).text()).isEqualTo(inner));
    }
}
