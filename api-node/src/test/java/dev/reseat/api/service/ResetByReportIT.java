package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.Wait;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.step.StepResult;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resets that nobody waits for: the driver's part is cast, and its report carries them on, on another api-node. */
@Tag("database")
final class ResetByReportIT extends ResetCase {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration GRACE = Duration.ofSeconds(20);
    private static final String AS_STEP = "reset_status available as step";

    private final ProcessLeases others =
            new ProcessLeases(fixture.database, new LeaseTable(), new LeaseConfig(HOUR));
    private final Journal itsJournal =
            new Journal(fixture.database, new JournalTable(), others, InstantSource.system());
    private final CastReports reports = new CastReports(itsJournal, fixture.reconciler(itsJournal, HOUR));
    private final RpcServer otherNode = new RpcServer(
            fixture.transport, fixture.codec, StateRpc.target().onServer("api-2"),
            List.of(new StepEndpoint(reports).endpoint()), ServerConfig.DEFAULT, fixture.meters);

    @BeforeEach
    void anotherApiNodeIsThere() {
        others.start();
        otherNode.start();
    }

    @AfterEach
    void stopTheOther() {
        reports.drain(GRACE);
        otherNode.stop();
        others.stop();
    }

    @Test
    void theDriversReportCarriesItToTheEnd() {
        var goOn = new CountDownLatch(1);
        backend.beforeAdmission = () -> await(goOn);

        ResetReport report = reset();

        assertThat(report.awaitsReport()).isTrue();
        assertThat(report.driver().code()).isEqualTo("sent");
        assertThat(report.after()).isEmpty();
        assertUnchanged("open");
        fixture.reconciler(HOUR).settleAll(); // leaves it alone: its report is not due yet
        assertUnchanged("open");
        goOn.countDown();
        awaitEnd();
        assertFree();
        assertThat(backend.asked).containsExactly("describe_connections", AS_STEP);
        assertThat(story()).containsExactly(
                "evidence done", "plan done", "driver begun", "driver done", "proof begun", "proof done",
                "commit begun");
        assertThat(fixture.journal.find(report.journal().orElseThrow()).orElseThrow().owner())
                .as("the api-node that got the report")
                .isEqualTo(others.own());
        assertThat(fixture.count("reseat.outbox")).as("start and end").isEqualTo(2);
    }

    @Test
    void attachmentsArePutBackByReportToo() {
        fixture.resets.reset(ADMIN, volume, castTo("in-use"));

        awaitEnd();
        assertThat(fixture.volume(volume).status()).isEqualTo("in-use");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(backend.asked).endsWith("reset_status in-use as step");
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, undone", "UNPROVED, failed", "FAILED, failed", "NOT_IMPLEMENTED, undone"})
    void whatIsReportedMeansTheSameAsAnAnswer(Outcome outcome, String state) {
        backend.reset = _ -> ScriptedBackend.result(outcome);

        reset();

        awaitEnd();
        assertUnchanged(state);
        assertThat(story()).endsWith("driver begun", "driver failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("scripted");
    }

    @ParameterizedTest
    @CsvSource({"FAILED, IGNORE_DRIVER_ERROR", "NOT_IMPLEMENTED, IGNORE_DRIVER_ERROR", "UNPROVED, ACCEPT_UNKNOWN"})
    void whatWasAcceptedIsAcceptedOfAReportToo(Outcome outcome, Force force) {
        backend.reset = _ -> ScriptedBackend.result(outcome);

        reset(force);

        awaitEnd();
        assertFree();
    }

    @ParameterizedTest
    @CsvSource({"FAILED, IGNORE_DRIVER_ERROR", "UNKNOWN, ACCEPT_UNKNOWN"})
    void soIsACallThatWouldHaveFailed(StepOutcome outcome, Force force) {
        backend.instead = Optional.of(StepResult.of(outcome, "the array is busy"));

        reset(force);

        awaitEnd();
        assertFree();
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("the array is busy");
    }

    @ParameterizedTest
    @CsvSource({"FAILED, failed", "SKIPPED, undone", "UNKNOWN, unknown"})
    void aWorkerThatCouldNotDoItIsToldAsItIs(StepOutcome outcome, String state) {
        backend.instead = Optional.of(StepResult.of(outcome, "the array is busy"));

        reset();

        awaitEnd();
        assertUnchanged(state);
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("the array is busy");
    }

    @Test
    void whatCannotBeReadMakesItUnknownAndTheBackendIsLookedAt() {
        backend.instead = Optional.of(StepResult.done(Map.of("driver", "scripted", "connections", List.of())));
        reset();
        awaitEnd();
        assertUnchanged("unknown");

        fixture.reconciler(itsJournal, HOUR).settleAll();

        assertFree();
    }

    @Test
    void aManagerThatStaysAwayHasDoneNothingAndDoesNothingLater() {
        var read = new CountDownLatch(1);
        var lost = new CountDownLatch(1);
        backend.beforeAdmission = () -> {
            read.countDown();
            await(lost); // it has read the message, and is gone for now
        };
        reset();
        await(read);
        UUID entry = fixture.lastEntry(volume).id();
        overdue();

        fixture.reconciler(HOUR).settleAll();

        assertUnchanged("undone");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("had not begun");
        assertThat(story()).contains("driver skipped");
        assertThat(reports.admit(ADMIN, entry.toString(), "driver", 1)).isFalse();
        lost.countDown();
        awaitEnd();
        assertThat(backend.asked).containsExactly("describe_connections");
        assertUnchanged("undone");
    }

    @ParameterizedTest
    @CsvSource({"NO, done", "YES, undone", "UNKNOWN, unknown"})
    void ofAManagerThatWasAdmittedAndIsSilentTheBackendTells(Answer exported, String state) {
        var admitted = new CountDownLatch(1);
        var lost = new CountDownLatch(1);
        backend.reset = _ -> {
            admitted.countDown();
            await(lost);
            return ScriptedBackend.result(Outcome.FAILED);
        };
        reset();
        await(admitted);
        overdue();
        backend.connections = List.of(ScriptedBackend.connection(attachment, exported));

        fixture.reconciler(HOUR).settleAll();

        assertThat(fixture.lastEntry(volume).state()).isEqualTo(state);
        assertThat(story()).contains("driver unknown");
        lost.countDown();
        awaitEnd();
        assertThat(fixture.lastEntry(volume).state()).as("what is told too late").isEqualTo(state);
    }

    @Test
    void whatIsClaimedBeforeTheDriverActsIsNotTakenDown() {
        var goOn = new CountDownLatch(1);
        backend.beforeAdmission = () -> await(goOn);
        reset();
        fixture.cloud.blockDevice(fixture.cloud.instance(), volume, Map.of());

        goOn.countDown();

        awaitEnd();
        assertUnchanged("undone");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).contains("is still mapped by Nova");
        assertThat(backend.asked).containsExactly("describe_connections");
    }

    @Test
    void aVolumeThatChangedBeforeTheDriverActsIsLeftAsItIs() {
        var goOn = new CountDownLatch(1);
        backend.beforeAdmission = () -> await(goOn);
        reset();
        fixture.cloud.attachment(volume, "reserved");

        goOn.countDown();

        awaitEnd();
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("superseded");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow()).doesNotContain("The driver");
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
        assertThat(backend.asked).containsExactly("describe_connections");
    }

    @Test
    void whoUsesItMeanwhileIsSeenBeforeItIsGivenFree() {
        backend.reset = _ -> {
            agent.uses = Answer.YES;
            return ScriptedBackend.result(Outcome.PROVED);
        };

        reset();

        awaitEnd();
        assertUnchanged("failed");
        assertThat(fixture.lastEntry(volume).outcome().orElseThrow())
                .contains("is in use on host host-a", "The driver has done its part already.");
    }

    @Test
    void aHostThatFallsSilentMeanwhileIsWaitedFor() {
        backend.reset = _ -> {
            agent.close();
            return ScriptedBackend.result(Outcome.PROVED);
        };
        reset();
        awaitEnd();
        assertUnchanged("unknown");

        agent = new ScriptedAgent(fixture, 5);
        fixture.reconciler(itsJournal, HOUR).settleAll();

        assertFree();
    }

    @Test
    void whereOnlyACinderVolumeListensItIsCalled() {
        backend.close();
        backend = new ScriptedBackend(fixture, false);

        ResetReport report = reset();

        assertThat(report.awaitsReport()).isFalse();
        assertFree();
        assertThat(backend.asked).containsExactly("attachment_delete", "remove_export");
    }

    private ResetReport reset(Force... force) {
        return fixture.resets.reset(ADMIN, volume, castTo("available", force));
    }

    private void awaitEnd() {
        backend.awaitSteps(1);
        reports.drain(GRACE);
    }

    private void overdue() {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE reseat.cast_step SET due_at = CURRENT_TIMESTAMP");
    }

    private List<String> story() {
        return fixture.lastEntry(volume).steps().stream().map(step -> step.name() + " " + step.phase()).toList();
    }

    private void assertFree() {
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
        assertThat(fixture.volume(volume).attachments()).isEmpty();
    }

    private void assertUnchanged(String journalState) {
        Volume now = fixture.volume(volume);
        assertThat(fixture.lastEntry(volume).state()).isEqualTo(journalState);
        assertThat(now.status()).isEqualTo("detaching");
        assertThat(now.attachments()).hasSize(1);
        assertThat(fixture.count("reseat.outbox")).isZero();
    }

    private static StateRequest castTo(String status, Force... force) {
        return new StateRequest(
                Optional.of(status),
                Optional.empty(),
                Optional.empty(),
                Arrays.stream(force).collect(Collectors.toSet()),
                Optional.of("many at once"),
                Wait.FOR_REPORT);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
