package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a reset whose process died, or that stopped halfway. */
@Tag("database")
final class ResetCutOffIT extends ResetCase {
    private static final Duration PATIENT = Duration.ofMinutes(1);
    private static final Duration GIVEN_UP = Duration.ofNanos(1);

    @Test
    void beforeTheDriverNobodyIsAsked() {
        fixture.cutOffReset(volume, to("available"));

        settle(PATIENT);

        assertUnchanged("undone");
        assertThat(backend.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver", "driver proof", "driver proof commit"})
    void onceTheDriverHadFinishedItIsGoneOnWith(String begun) {
        fixture.cutOffReset(volume, to("available"), begun.split(" "));

        settle(PATIENT);

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(backend.asked).as("nobody is told to do it again").containsExactly("describe_connections");
        assertThat(fixture.count("reseat.outbox")).as("start and end").isEqualTo(2);
    }

    @Test
    void aDriverThatHadNotBegunIsNotToldTo() {
        fixture.cutOffReset(volume, to("available"), "driver");
        backend.connections = List.of(ScriptedBackend.connection(attachment, Answer.YES));

        settle(PATIENT);

        assertUnchanged("undone");
        assertThat(backend.asked).containsExactly("describe_connections");
    }

    @Test
    void halfOfTheDriversPartIsNotCalledUndone() {
        String other = fixture.cloud.attachment(volume, Map.of("connector", "{\"host\": \"host-a\"}"));
        fixture.cutOffReset(volume, to("available"), "driver");
        backend.connections = List.of(
                ScriptedBackend.connection(attachment, Answer.NO), ScriptedBackend.connection(other, Answer.YES));

        settle(PATIENT);

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("had not finished");
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
    }

    @Test
    void whatTheBackendCannotTellWaitsAndIsGivenUpInTheEndForWhatItIs() {
        fixture.cutOffReset(volume, to("available"), "driver");
        backend.connections = List.of(ScriptedBackend.connection(attachment, Answer.UNKNOWN));

        settle(PATIENT);
        assertUnchanged("unknown");

        settle(GIVEN_UP);
        assertUnchanged("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("cannot be told what the driver");
    }

    @Test
    void aHostThatCannotBeAskedIsWaitedForToo() {
        fixture.cutOffReset(volume, to("available"), "driver");
        agent.close();

        settle(PATIENT);
        assertUnchanged("unknown");

        settle(GIVEN_UP);
        assertUnchanged("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("guest and host on host-a", "The driver has done its part already.");
    }

    @Test
    void whatWasAcceptedStaysAccepted() {
        fixture.cutOffReset(volume, to("available", Force.ACCEPT_UNKNOWN), "driver");
        agent.close();

        settle(PATIENT);

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void whatIsClaimedMeanwhileIsNotFreed() {
        fixture.cutOffReset(volume, to("available"), "driver");
        fixture.cloud.blockDevice(fixture.cloud.instance(), volume, Map.of());

        settle(PATIENT);

        assertUnchanged("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("is still mapped by Nova", "The driver has done its part already.");
    }

    @Test
    void anEntryWhoseVolumeChangedIsSuperseded() {
        fixture.cutOffReset(volume, to("available"), "driver");
        fixture.cloud.attachment(volume, "reserved");

        settle(PATIENT);

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("superseded");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("The driver may have done its part");
        assertThat(backend.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"driver", "driver commit"})
    void whereNoDriverIsConcernedNothingHadHappened(String begun) {
        fixture.cutOffReset(volume, to("error"), begun.split(" "));

        settle(PATIENT);

        assertUnchanged("undone");
        assertThat(backend.asked).doesNotContain("reset_status available");
    }

    @Test
    void cindersServiceThatStopsHalfwayIsToldAsItIs() {
        backend.close();
        backend = new ScriptedBackend(fixture, false);
        backend.failing = "remove_export";

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Failed.class)
                .hasMessageContaining("Done before that: attachment_delete " + attachment);

        assertUnchanged("failed");
    }

    @Test
    void aDatabaseThatFailsAfterTheDriverMakesTheOutcomeUnknownNotUnavailable() {
        backend.reset = _ -> {
            fixture.cloud.execute(fixture.cloud.cinder(), "ALTER TABLE reseat.outbox RENAME TO away");
            return ScriptedBackend.result(Outcome.PROVED);
        };

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Unknown.class)
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.next().orElse(""))
                        .isEqualTo("reseat journal show " + volume));
        assertThat(fixture.volume(volume).status()).isEqualTo("detaching");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("open");

        fixture.cloud.execute(fixture.cloud.cinder(), "ALTER TABLE reseat.away RENAME TO outbox");
        settle(PATIENT);
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    private void settle(Duration patience) {
        fixture.reconciler(patience).settleAll();
    }

    private void assertUnchanged(String journalState) {
        Volume now = fixture.volume(volume);
        assertThat(now.status()).isEqualTo("detaching");
        assertThat(now.attachments()).hasSize(1);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo(journalState);
        assertThat(fixture.count("reseat.outbox")).isZero();
    }
}
