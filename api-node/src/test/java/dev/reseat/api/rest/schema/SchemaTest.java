package dev.reseat.api.rest.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.rest.HttpFault;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Whole numbers, also those that no number of Java's holds. */
final class SchemaTest {
    private static final Schema SECONDS =
            Schema.type("object").properties(Map.of("seconds", Schema.type("integer", "null").between(1, 60)));

    private static void validate(String number) {
        SECONDS.validate(JsonMapper.shared().readTree("{\"seconds\": " + number + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "60", "null"})
    void whatIsWithinPasses(String number) {
        assertThatCode(() -> validate(number)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
            "0, less than the minimum of 1", "-9223372036854775809, less than the minimum of 1",
            "61, greater than the maximum of 60", "2147483648, greater than the maximum of 60",
            "9223372036854775807, greater than the maximum of 60",
            "99999999999999999999999999999999999999999999, greater than the maximum of 60",
            "1e400, is not of type", "1.5, is not of type"})
    void whatIsNotIsRefusedHoweverLargeItIs(String number, String why) {
        assertThatThrownBy(() -> validate(number))
                .isInstanceOfSatisfying(HttpFault.class, refused -> assertThat(refused.status()).isEqualTo(400))
                .hasMessageContaining("seconds")
                .hasMessageContaining(why);
    }
}
