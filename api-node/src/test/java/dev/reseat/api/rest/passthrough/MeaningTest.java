package dev.reseat.api.rest.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose a volume's action is. */
final class MeaningTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "RESET     | {\"os-reset_status\": {\"status\": \"error\"}}",
            "RESET     | {\"os-reset\\u005fstatus\": null}",
            "OTHER     | {\"os-attach\": {}}",
            "OTHER     | {\"os-extend\": {\"new_size\": NaN}}",
            "OTHER     | {\"OS-RESET_STATUS\": {}}",
            "OTHER     | []",
            "OTHER     | \"os-reset_status\"",
            "OTHER     | ``",
            "AMBIGUOUS | {}",
            "AMBIGUOUS | {\"os-attach\": {}, \"os-reset_status\": {\"status\": \"error\"}}",
            "AMBIGUOUS | {\"os-attach\": {}, \"os-attach\": {}}",
            "AMBIGUOUS | {\"os-attach\": {\"mode\": \"rw\", \"mode\": \"ro\"}}",
            "AMBIGUOUS | {\"os-reset_status\": {\"status\": \"error\"}} {}",
            "AMBIGUOUS | {\"os-reset_status\": ",
            "AMBIGUOUS | os-reset_status"
    })
    void whatABodyAsksForIsReadInOneWayOrInNone(Meaning meaning, String body) {
        assertThat(Meaning.of(body.getBytes(StandardCharsets.UTF_8))).isEqualTo(meaning);
    }

    @Test
    void whatIsNoUtf8IsNobodys() {
        byte[] wide = "{\"os-reset_status\": {}}".getBytes(StandardCharsets.UTF_16LE);
        byte[] broken = "{\"os-attach\": \"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(Meaning.of(wide)).isEqualTo(Meaning.AMBIGUOUS);
        assertThat(Meaning.of(broken)).isEqualTo(Meaning.AMBIGUOUS);
    }
}
