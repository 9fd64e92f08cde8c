package dev.reseat.api.rest.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** Expected texts are what CPython's repr() printed for json.loads() of the same input. */
class PythonTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "null | None",
            "true | True",
            "1 | 1",
            "123456789012345678901234567890 | 123456789012345678901234567890",
            "1.0 | 1.0",
            "1.50 | 1.5",
            "1e5 | 100000.0",
            "1e16 | 1e+16",
            "1.5e-7 | 1.5e-07",
            "0.0001 | 0.0001",
            "-0.0 | -0.0",
            "[] | []",
            "{\"a\": [1, \"b\"], \"c\": {}} | {'a': [1, 'b'], 'c': {}}",
            "\"it's\" | \"it's\"",
            "\"both ' and \\\"\" | 'both \\' and \"'",
            "\"a\\n\\u0001\\u00e9\\u200b\" | 'a\\n\\x01é\\u200b'",
    })
    void valuesLookAsPythonWritesThem(String json, String repr) {
        assertThat(PythonText.of(JsonMapper.shared().readTree(json))).isEqualTo(repr);
    }

    @Test
    void aTupleOfOneHasItsComma() {
        assertThat(PythonText.tuple(List.of("a"))).isEqualTo("('a',)");
        assertThat(PythonText.tuple(List.of("a", "b"))).isEqualTo("('a', 'b')");
    }
}
