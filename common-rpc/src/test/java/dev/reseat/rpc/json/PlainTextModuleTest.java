package dev.reseat.rpc.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PlainTextModuleTest {
    private static final JsonMapper USUAL = new JsonMapper();
    private static final JsonMapper OURS = JsonMapper.builder().addModule(new PlainTextModule()).build();

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "plain", "with \"quotation marks\"", "with \u00e9", "with \ud83d\ude00",
            "line\n", "?"})
    void texts_are_written_as_before_however_long_they_are(String piece) {
        for (int times : new int[]{1, 20, 400, 5000}) {
            String text = piece.repeat(times);
            Map<String, Object> value = Map.of("texts", List.of(text, text, 1, text));
            assertThat(OURS.writeValueAsBytes(value)).isEqualTo(USUAL.writeValueAsBytes(value));
            assertThat(OURS.writeValueAsString(value)).isEqualTo(USUAL.writeValueAsString(value));
            assertThat(OURS.<JsonNode>valueToTree(value)).isEqualTo(USUAL.<JsonNode>valueToTree(value));
        }
    }
}
