package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("database")
@Tag("any-database")
final class ResetStatusIT extends ResetCase {
    private final CountDownLatch silence = new CountDownLatch(1);

    @BeforeEach
    void aWorkerIsNoted() {
        fixture.cloud.insert(
                fixture.cloud.cinder(),
                "workers",
                Map.of("resource_type", "Volume", "resource_id", volume, "status", "detaching", "race_preventer", 0,
                        "deleted", false));
    }

    @AfterEach
    void endSilence() {
        silence.countDown();
    }

    @Test
    void whatTheDriverHasProvedIsCommittedWhole() {
        ResetReport report = fixture.resets.reset(ADMIN, volume, to("available"));

        assertThat(report.driver().code()).isEqualTo("proved");
        assertThat(report.before().status()).isEqualTo("detaching");
        assertThat(report.after()).map(ResetReport.State::status).contains("available");
        Volume after = fixture.volume(volume);
        assertThat(after.attachStatus()).contains("detached");
        assertThat(after.attachments()).isEmpty();
        assertThat(fixture.anyAttachment(attachment).status()).isEqualTo("detached");
        assertThat(workers()).isZero();
        assertThat(fixture.count("reseat.outbox")).as("start and end").isEqualTo(2);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(fixture.lastEntry(volume).steps()).extracting(step -> step.name() + " " + step.phase())
                .containsExactly("evidence done", "plan done", "driver begun", "driver done", "proof begun",
                        "proof done",
                        "commit begun");
    }

    @Test
    void theHostIsAskedBeforeTheDriver() {
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-a")
                .hasMessageContaining("/dev/loop7 is open");

        assertThat(backend.asked).containsExactly("describe_connections");
        assertUnchanged("undone");
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, undone", "UNPROVED, failed", "FAILED, failed", "NOT_IMPLEMENTED, undone"})
    void withoutProofNoRowChangesAndUndoneIsSaidOnlyWhereTheDriverDidNothing(Outcome outcome, String state) {
        backend.reset = _ -> ScriptedBackend.result(outcome);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.class)
                .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.observations()).isNotEmpty());

        assertUnchanged(state);
        assertThat(fixture.lastEntry(volume).steps()).extracting(step -> step.name() + " " + step.phase())
                .endsWith("driver begun", "driver failed");
    }

    @Test
    void whatADriverCannotSeeBeforehandIsNotTakenDown() {
        backend.connections = List.of(new BackendConnection(
                Optional.of(attachment), Optional.of("host-a"), Answer.YES, Answer.UNKNOWN, "a shared file system"));

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("backend on host-a: a shared file system");

        assertThat(backend.asked).containsExactly("describe_connections");
        assertUnchanged("undone");
    }

    @ParameterizedTest
    @ValueSource(strings = {"reserved", "error_attaching"})
    void inUseIsNotSaidOfAnAttachmentThatWasNeverConnected(String status) {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET attach_status = ?", status);

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("in-use")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("Attachment " + attachment + " is " + status);

        assertThat(backend.asked).isEmpty();
        assertThat(fixture.volume(volume).status()).isEqualTo("detaching");
    }

    @ParameterizedTest
    @ValueSource(strings = {"attaching", "detaching", "error_detaching"})
    void inUseGivesAnAttachmentBackWhoseDetachBrokeOff(String status) {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volume_attachment SET attach_status = ?", status);

        fixture.resets.reset(ADMIN, volume, to("in-use"));

        assertThat(fixture.anyAttachment(attachment).status()).isEqualTo("attached");
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
    }

    @Test
    void anAttachmentThatCannotBeCompletedAnyMoreKeepsTheVolumeAsItIs() {
        backend.reset = _ -> {
            fixture.cloud.execute(
                    fixture.cloud.cinder(), "UPDATE volume_attachment SET attach_status = 'error_attaching'");
            return ScriptedBackend.result(Outcome.PROVED);
        };

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("in-use")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("Attachment " + attachment);

        assertUnchanged("failed");
        assertThat(fixture.anyAttachment(attachment).status()).isEqualTo("error_attaching");
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, names = {"FAILED", "NOT_IMPLEMENTED"})
    void aDriverErrorCanBeIgnored(Outcome outcome) {
        backend.reset = _ -> ScriptedBackend.result(outcome);

        fixture.resets.reset(ADMIN, volume, to("available", Force.IGNORE_DRIVER_ERROR));

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.lastEntry(volume).reason()).contains("because");
    }

    @Test
    void whatTheDriverCannotSeeCanBeAccepted() {
        backend.reset = _ -> ScriptedBackend.result(Outcome.UNPROVED);

        fixture.resets.reset(ADMIN, volume, to("available", Force.ACCEPT_UNKNOWN));

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void aRefusalCannotBeIgnored() {
        backend.reset = _ -> ScriptedBackend.result(Outcome.REFUSED);

        assertThatThrownBy(() -> fixture.resets.reset(
                ADMIN, volume, to("available", Force.IGNORE_DRIVER_ERROR, Force.ACCEPT_UNKNOWN)))
                .isInstanceOf(ServiceException.Conflict.class);

        assertUnchanged("undone");
    }

    @Test
    void aSkippedDriverIsNotAsked() {
        fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER));

        assertThat(backend.asked).isEmpty();
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @ParameterizedTest
    @EnumSource(Force.class)
    void noForceTakesAVolumeFromAHostThatIsSeenToUseIt(Force grade) {
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", grade)))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-a");

        assertUnchanged();
    }

    @Test
    void aRefusedResetLeavesWhatIsNotKnownOfAnEarlierOne() {
        backend.reset = _ -> silent();
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Unknown.class);
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER)))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("host-a");

        assertUnchanged("unknown");
        assertThat(fixture.journalQueries.ofSubject(volume, 10)).hasSize(1);
    }

    @Test
    void aStatusThatAsksNothingOfTheBackendIsJustSet() {
        fixture.resets.reset(ADMIN, volume, to("error"));

        assertThat(backend.asked).isEmpty();
        Volume after = fixture.volume(volume);
        assertThat(after.status()).isEqualTo("error");
        assertThat(after.attachments()).hasSize(1);
    }

    @Test
    void detachingTakesTheDriverWhateverTheStatus() {
        var request = new StateRequest(
                Optional.of("error"), Optional.of("detached"), Optional.empty(), Set.of(), Optional.empty());

        fixture.resets.reset(ADMIN, volume, request);

        assertThat(backend.asked).containsExactly("describe_connections", "reset_status available");
        Volume after = fixture.volume(volume);
        assertThat(after.status()).isEqualTo("available"); // as Cinder derives it
        assertThat(after.attachStatus()).contains("detached");
        assertThat(after.attachments()).isEmpty();
    }

    @Test
    void inUseCompletesWhatOnlyTheLastStepWasMissingFor() {
        String stuck = fixture.cloud.volume(Map.of("status", "attaching", "attach_status", "attaching"));
        String half = fixture.cloud.attachment(
                stuck, Map.of("attach_status", "attaching", "connector", "{\"host\": \"host-a\"}"));

        fixture.resets.reset(ADMIN, stuck, to("in-use"));

        assertThat(backend.asked).containsExactly("describe_connections", "reset_status in-use");
        assertThat(fixture.volume(stuck).status()).isEqualTo("in-use");
        assertThat(fixture.volume(stuck).attachStatus()).contains("attached");
        assertThat(fixture.anyAttachment(half).status()).isEqualTo("attached");
    }

    @ParameterizedTest
    @ValueSource(strings = {"deleting", "detaching"})
    void someStatesAreNeverSet(String status) {
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to(status)))
                .isInstanceOf(ServiceException.Invalid.class)
                .hasMessageStartingWith("Cannot reset-state to " + status + ": to ")
                .hasMessageContaining("run openstack ");
    }

    @Test
    void inUseNeedsAnAttachment() {
        String bare = fixture.cloud.volume("error");

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, bare, to("in-use")))
                .isInstanceOf(ServiceException.Invalid.class)
                .hasMessage("Cannot reset-state to in-use because volume does not have any attachments.");
    }

    @Test
    void aVolumeThatChangesMeanwhileIsLeftAlone() {
        backend.reset = _ -> {
            fixture.cloud.attachment(volume, "reserved");
            return ScriptedBackend.result(Outcome.PROVED);
        };

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("somebody else");

        assertThat(fixture.volume(volume).attachments()).hasSize(2);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("superseded");
    }

    @Test
    void nobodyAtTheBackendIsUnavailable() {
        String lost = fixture.cloud.volume(Map.of("status", "error", "host", "host-9@gone#pool"));

        var failure = catchThrowableOfType(
                ServiceException.Unavailable.class, () -> fixture.resets.reset(ADMIN, lost, to("available")));

        assertThat(failure).hasMessageContaining("host-9@gone#pool");
        assertThat(fixture.volume(lost).status()).isEqualTo("error");
    }

    @Test
    void aDryRunChangesNothing() {
        backend.connections = List.of(ScriptedBackend.connection(attachment, Answer.YES));

        ResetReport report = fixture.resets.plan(ADMIN, volume, to("available"));

        assertThat(report.driver().connections()).hasSize(1);
        assertThat(report.after()).isEmpty();
        assertThat(backend.asked).containsExactly("describe_connections");
        assertThat(fixture.journalQueries.ofSubject(volume, 10)).isEmpty();
    }

    @Test
    void aSilentDriverLeavesItToTheReconcilerToAsk() {
        backend.reset = _ -> silent();

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Unknown.class);
        assertUnchanged("unknown");
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .as("not repeated before it is known")
                .isInstanceOf(ServiceException.Conflict.class);

        fixture.reconciler(Duration.ofMinutes(1)).settleAll();

        assertThat(backend.asked).containsExactly(
                "describe_connections", "reset_status available", "describe_connections", "describe_connections");
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
    }

    @Test
    void skippingTheDriverDoesNotWaitForASilentOne() {
        backend.reset = _ -> silent();
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.Unknown.class);

        fixture.resets.reset(ADMIN, volume, to("available", Force.SKIP_DRIVER));

        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    private dev.reseat.contract.volume.ResetStatus.Result silent() {
        try {
            silence.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return ScriptedBackend.result(Outcome.PROVED);
    }

    private void assertUnchanged(String journalState) {
        assertUnchanged();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo(journalState);
    }

    private void assertUnchanged() {
        Volume now = fixture.volume(volume);
        assertThat(now.status()).isEqualTo("detaching");
        assertThat(now.attachments()).hasSize(1);
        assertThat(workers()).isEqualTo(1);
        assertThat(fixture.count("reseat.outbox")).isZero();
    }

    private int workers() {
        return fixture.count("workers WHERE resource_type = 'Volume'");
    }

    @Test
    void aSecretInADriversWordsStaysInTheDriver() {
        backend.reset = _ -> ScriptedBackend.result(Outcome.FAILED,
                "-n node.session.auth.password -v SECRET of iqn.x");

        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, to("available")))
                .isInstanceOf(ServiceException.class);

        JournalView entry = fixture.lastEntry(volume);
        assertThat(entry.outcome()).hasValueSatisfying(
                text -> assertThat(text).contains("auth.password -v ***", "iqn.x").doesNotContain("SECRET"));
        assertThat(entry.steps().toString()).contains("***").doesNotContain("SECRET");
    }
}
