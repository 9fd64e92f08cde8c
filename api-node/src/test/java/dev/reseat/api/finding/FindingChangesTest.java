package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingChangesTest {
    private static final Instant FIRST = Instant.parse("2026-11-29T00:00:00Z");
    private static final Instant LATER = FIRST.plusSeconds(600);

    @Test
    void whatIsNewGetsAnIdAndWhatIsKnownKeepsIt() {
        Finding known = first("v1", "12");

        FindingChanges changes = FindingChanges.of(
                2, LATER, List.of(sight("v1", "12"), sight("v1", "30"), sight("v2", "12")), List.of(known), _ -> false);

        assertThat(changes.added()).extracting(one -> one.sight().key().volumeId() + one.sight().key().pattern())
                .containsExactly("v130", "v212");
        assertThat(changes.added()).extracting(Finding::state).containsOnly(Finding.State.NEW);
        assertThat(changes.added()).extracting(Finding::id).doesNotHaveDuplicates();
        assertThat(changes.changed()).singleElement().satisfies(one -> {
            assertThat(one.id()).isEqualTo(known.id());
            assertThat(one.sweeps()).isEqualTo(2);
            assertThat(one.since()).isEqualTo(FIRST);
            assertThat(one.lastSeen()).isEqualTo(LATER);
            assertThat(one.lastSweep()).isEqualTo(2);
            assertThat(one.state()).isEqualTo(Finding.State.CONFIRMED);
        });
    }

    @Test
    void whatIsNotSeenIsGoneUnlessNobodyCouldTell() {
        Finding gone = first("v1", "12");
        Finding untold = first("v2", "12");
        Finding before = first("v3", "12").gone(FIRST);

        FindingChanges changes =
                FindingChanges.of(2, LATER, List.of(), List.of(gone, untold, before), untold::equals);

        assertThat(changes.added()).isEmpty();
        assertThat(changes.changed()).containsExactly(gone.gone(LATER));
    }

    @Test
    void whatComesBackBeginsAnewUnderItsId() {
        Finding away = first("v1", "12").seen(sight("v1", "12"), 2, FIRST).gone(FIRST);

        Finding back = FindingChanges.of(7, LATER, List.of(sight("v1", "12")), List.of(away), _ -> false)
                .changed()
                .getFirst();

        assertThat(back.id()).isEqualTo(away.id());
        assertThat(back.firstSeen()).isEqualTo(FIRST);
        assertThat(back.since()).isEqualTo(LATER);
        assertThat(back.sweeps()).isEqualTo(1);
        assertThat(back.state()).isEqualTo(Finding.State.NEW);
        assertThat(back.job()).isEmpty();
    }

    @Test
    void aSweepThatCouldNotTellNeitherCountsNorStartsAnew() {
        Finding seen = first("v1", "12");

        assertThat(FindingChanges.of(2, LATER, List.of(), List.of(seen), _ -> true).changed()).isEmpty();
        Finding again = FindingChanges.of(3, LATER, List.of(sight("v1", "12")), List.of(seen), _ -> true)
                .changed()
                .getFirst();
        assertThat(again.sweeps()).isEqualTo(2);
        assertThat(again.since()).isEqualTo(FIRST);
    }

    private static Finding first(String volume, String pattern) {
        return Finding.first(volume + pattern, sight(volume, pattern), 1, FIRST);
    }

    private static Finding.Sight sight(String volume, String pattern) {
        return new Finding.Sight(
                new Finding.Key(volume, pattern, ""), "pattern", Optional.of("available"), Optional.empty(),
                Optional.empty(), Optional.empty(), "take_down", true, "{}");
    }
}
