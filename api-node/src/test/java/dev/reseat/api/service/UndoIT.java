package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One repair is taken back where that is exactly possible, and only then. */
@Tag("database")
final class UndoIT extends ResetCase {
    @Test
    void aStatusThatAloneWasChangedGoesBack() {
        String other = fixture.cloud.volume("error");
        ResetReport reset = fixture.resets.reset(ADMIN, other, to("error_extending"));
        assertThat(reset.plan().inverse().text()).isEqualTo("reset to error");
        String entry = reset.journal().orElseThrow().toString();
        String before = fixture.cloud.state();

        UndoReport dry = fixture.undo.dryRun(ADMIN, entry, Optional.empty());

        assertThat(dry.steps()).containsExactly("set status error (api-node)");
        assertThat(dry.journal()).isEmpty();
        assertThat(fixture.cloud.state()).isEqualTo(before);

        UndoReport done = fixture.undo.undo(ADMIN, entry, Optional.empty());

        assertThat(fixture.volume(other).status()).isEqualTo("error");
        assertThat(fixture.lastEntry(other).id()).isEqualTo(done.journal().orElseThrow());
        assertThat(fixture.lastEntry(other).reason()).contains("undo of journal entry " + entry);
        assertRefused(entry, ErrorCode.CHANGED_MEANWHILE, "or otherwise changed");
    }

    @Test
    void theWayBackAsksEverySourceAgain() {
        String other = fixture.cloud.volume("available");
        String entry = fixture.resets.reset(ADMIN, other, to("error")).journal().orElseThrow().toString();
        assertThat(backend.asked).isEmpty();

        fixture.cloud.blockDevice(fixture.cloud.instance(), other, Map.of());
        assertRefused(entry, ErrorCode.VOLUME_IN_USE, "still mapped by Nova");
        assertThat(fixture.volume(other).status()).isEqualTo("error");

        fixture.cloud.execute(fixture.cloud.nova(), "DELETE FROM block_device_mapping");
        UndoReport done = fixture.undo.undo(ADMIN, entry, Optional.of("it was the wrong one"));

        assertThat(done.observations()).extracting(Observation::source)
                .contains(Source.NOVA, Source.GUEST, Source.HOST, Source.BACKEND);
        assertThat(backend.asked).contains("reset_status available");
        assertThat(fixture.volume(other).status()).isEqualTo("available");
        assertThat(fixture.lastEntry(other).reason()).contains("it was the wrong one");
    }

    @Test
    void whatWasTakenDownIsSaidToStaySoBeforeItIsAndRefusedAfterwards() {
        assertThat(fixture.resets.plan(ADMIN, volume, to("available")).plan().inverse().text())
                .startsWith("cannot be undone: a connection that was taken down");

        String entry = fixture.resets.reset(ADMIN, volume, to("available")).journal().orElseThrow().toString();

        assertRefused(entry, ErrorCode.CANNOT_BE_UNDONE, "a connection that was taken down");
    }

    @Test
    void aRefreshHasNoWayBack() {
        UUID entry = settled(JournalEntry.Kind.REFRESH, JournalEntry.State.DONE);

        assertRefused(entry.toString(), ErrorCode.CANNOT_BE_UNDONE, "the old attachment is deleted");
    }

    @Test
    void aMappingThatCannotComeBackIsNotSaidToComeBack() {
        String other = fixture.cloud.volume("available");
        String server = fixture.cloud.instance();
        fixture.cloud.blockDevice(server, other, Map.of(
                "attachment_id", "6e3b1c7a-0000-4000-8000-00000000dead", "connection_info",
                "{\"driver_volume_type\": \"local\", \"data\": {\"device_path\": \"/volumes/v\"}}"));
        String entry = fixture.repairs.repair(ADMIN, other, Optional.empty()).journal().orElseThrow().toString();

        fixture.cloud.blockDevice(server, other, Map.of());

        assertRefused(entry, ErrorCode.CHANGED_MEANWHILE, "Another block device mapping of volume " + other);
    }

    @Test
    void whatIsNotDoneOrNotThereIsNotUndone() {
        UUID failed = settled(JournalEntry.Kind.RESET, JournalEntry.State.FAILED);
        assertRefused(failed.toString(), ErrorCode.CANNOT_BE_UNDONE, "it is failed, not done");

        for (String nobody : List.of(UUID.randomUUID().toString(), "'; DROP TABLE journal")) {
            assertThatThrownBy(() -> fixture.undo.undo(ADMIN, nobody, Optional.empty()))
                    .isInstanceOf(ServiceException.NotFound.class);
        }
    }

    @Test
    void nobodyIsSetToAStateThatOnlyRunningWorkMeans() {
        ResetReport reset = fixture.resets.reset(ADMIN, volume, to("error"));

        assertThat(reset.plan().inverse().text()).startsWith("cannot be undone: detaching is set only by");
        assertRefused(reset.journal().orElseThrow().toString(), ErrorCode.CANNOT_BE_UNDONE, "detaching is set only by");
    }

    @Test
    void aRepairSaysWhetherItCanBeUndone() {
        fixture.cloud.execute(
                fixture.cloud.cinder(), "UPDATE volume_attachment SET instance_uuid = ?", fixture.cloud.instance());

        RepairReport plan = fixture.repairs.dryRun(ADMIN, volume, Optional.of("6"), Optional.empty());

        assertThat(plan.inverse().map(Inverse::text)).hasValueSatisfying(
                text -> assertThat(text).startsWith("cannot be undone"));
        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.of("2"), Optional.empty()))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, refused -> {
                    assertThat(refused.code()).isEqualTo(ErrorCode.CHANGED_MEANWHILE);
                    assertThat(refused).hasMessageContaining("showed pattern 2 and shows 6");
                });
        assertThat(fixture.volume(volume).status()).isEqualTo("detaching");
    }

    private void assertRefused(String entry, ErrorCode code, String why) {
        String before = fixture.cloud.state();
        assertThatThrownBy(() -> fixture.undo.dryRun(ADMIN, entry, Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining(why);
        assertThatThrownBy(() -> fixture.undo.undo(ADMIN, entry, Optional.empty()))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, refused -> {
                    assertThat(refused.code()).isEqualTo(code);
                    assertThat(refused).hasMessageContaining(why);
                });
        assertThat(fixture.cloud.state()).isEqualTo(before);
    }

    private UUID settled(JournalEntry.Kind kind, JournalEntry.State state) {
        var intention = new Journal.Intention(
                kind, volume, Optional.empty(), Optional.empty(),
                new StateRequest(
                        Optional.of("error"), Optional.empty(), Optional.empty(), Set.of(), Optional.empty()),
                fixture.volume(volume).guard());
        try (var entry = fixture.journal.open(ADMIN, intention)) {
            entry.settle(state, "as it is");
            return entry.id();
        }
    }
}
