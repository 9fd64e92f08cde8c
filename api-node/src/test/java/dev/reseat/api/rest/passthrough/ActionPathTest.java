package dev.reseat.api.rest.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of one path. */
final class ActionPathTest {
    @ParameterizedTest
    @CsvSource({
            "/v3/p1/volumes/v1/action, /v3/p1/volumes/v1/action",
            "/v3/volumes/v1/action, /v3/volumes/v1/action",
            "/v3//p1/volumes///v1/action/, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes/v1/%61ction, /v3/p1/volumes/v1/action",
            "/v3/p1/%76olumes/v%31/action, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes%2Fv1%2faction, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes/v1/action.json, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes/v1/./action, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes/other/../v1/action, /v3/p1/volumes/v1/action",
            "/v3/p1/volumes/a%20b/action, /v3/p1/volumes/a%20b/action"
    })
    void everySpellingIsKnown(String raw, String canonical) {
        assertThat(ActionPath.couldBe(raw)).isTrue();
        assertThat(ActionPath.canonical(raw)).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/v3/p1/volumes/v1/action;x=1", "/v3/p1;y/volumes;z/v1/action", "/prefix/v3/p1/volumes/v1/action",
            "/v3/p1/volumes/v1%5caction", "/v3/p1/volumes/v1/%2561ction", "/v3/p1/volumes%252Fv1%252Faction",
            "/v3/p1/%2576olumes/v1/%25252561ction", "/v3/p1/%2525252525252561/x"})
    void whatCouldComeOutAsOneCountsAsOneButIsNotServed(String raw) {
        assertThat(ActionPath.couldBe(raw)).isTrue();
        assertThat(ActionPath.canonical(raw)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "/v3/p1/volumes", "/v3/p1/volumes/v1", "/v3/p1/snapshots/s1/action", "/v3/p1/groups/g1/action",
            "/v3/p1/volumes/v1/metadata", "/v3/p1/attachments/a1/action", "/",
            "/v3/p1/types/100%2525/extra_specs"})
    void othersAreLeftAlone(String raw) {
        assertThat(ActionPath.couldBe(raw)).isFalse();
    }
}
