package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.Wait;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.step.StepResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Refreshes that nobody waits for: the agent's part is cast, and its report carries them on. */
@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class CastRefreshIT extends RefreshCase {
    private static final RefreshRequest UNWATCHED =
            new RefreshRequest(Optional.empty(), Optional.of("monitors moved"), false, Wait.FOR_REPORT);
    private static final Duration HOUR = Duration.ofHours(1);

    private CastReports reports;
    private RpcServer api;

    @BeforeEach
    void serveReports() {
        reports = new CastReports(fixture.journal, fixture.reconciler(HOUR));
        api = new RpcServer(
                fixture.transport, fixture.codec, StateRpc.target().onServer("api-1"),
                List.of(new StepEndpoint(reports).endpoint()), ServerConfig.DEFAULT, fixture.meters);
        api.start();
    }

    @AfterEach
    void stopReports() {
        reports.drain(Duration.ofSeconds(20));
        api.stop();
    }

    @Test
    void theAgentsReportCarriesItToTheEnd() throws Exception {
        var goOn = new CountDownLatch(1);
        agent.remove = _ -> {
            await(goOn);
            deleteOld();
        };

        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, UNWATCHED);

        assertThat(report.steps()).extracting(RefreshReport.Step::name).containsExactly("lock", "connector", "reserve");
        assertThat(report.changed()).isFalse();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("open");
        fixture.reconciler(HOUR).settleAll(); // leaves it alone: its report is not due yet
        goOn.countDown();
        agent.awaitSteps(1);
        reports.drain(Duration.ofSeconds(20));
        assertRefreshed();
        assertThat(fixture.lastEntry(bdm).state()).isEqualTo("done");
    }

    @Test
    void anInstanceThatWasStartedMeanwhileIsNotTouched() throws Exception {
        var goOn = new CountDownLatch(1);
        agent.beforeAdmission = () -> await(goOn);
        fixture.refreshes.refresh(ADMIN, bdm, UNWATCHED);
        fixture.cloud.execute(
                fixture.cloud.nova(), "UPDATE instances SET vm_state = 'active', power_state = 1 WHERE uuid = ?",
                instance);

        goOn.countDown();
        agent.awaitSteps(1);

        reports.drain(Duration.ofSeconds(20));
        assertThat(agent.asked).doesNotContain("remove_volume_connection as step");
        assertAsBefore("undone");
        assertThat(fixture.lastEntry(bdm).outcome().orElseThrow()).contains("was started by somebody else meanwhile");
    }

    @Test
    void whatTheAgentCannotDoIsTakenBack() throws Exception {
        agent.stepResult = StepResult.of(StepOutcome.FAILED, "the device is busy");

        fixture.refreshes.refresh(ADMIN, bdm, UNWATCHED);

        agent.awaitSteps(1);
        reports.drain(Duration.ofSeconds(20));
        assertThat(fixture.lastEntry(bdm).outcome().orElseThrow()).contains("the device is busy");
        assertThat(fixture.lastEntry(bdm).state()).isIn("undone", "failed");
        assertThat(fixture.volume(volume).attachments()).hasSize(1);
    }

    @Test
    void anAgentThatStaysAwayIsNotWaitedForAndItsCastDoesNothingLater() {
        var read = new CountDownLatch(1);
        var lost = new CountDownLatch(1);
        agent.beforeAdmission = () -> {
            read.countDown();
            await(lost); // it has read the message, and is gone for now
        };
        fixture.refreshes.refresh(ADMIN, bdm, UNWATCHED);
        await(read);
        UUID entry = fixture.lastEntry(bdm).id();
        overdue();
        agent.beforeAdmission = () -> {};

        fixture.reconciler(HOUR).settleAll(); // casts it again, in a later epoch

        agent.awaitSteps(1);
        reports.drain(Duration.ofSeconds(20));
        assertRefreshed();
        assertThat(reports.admit(ADMIN, entry.toString(), "remove_volume_connection", 1)).isFalse();
        lost.countDown();
        agent.awaitSteps(1);
        assertThat(agent.asked).containsOnlyOnce("remove_volume_connection as step");
    }

    @Test
    void whereOnlyANovaComputeListensItIsCalled() {
        agent.close();
        agent = new ScriptedAgent(fixture, 3, false);
        agent.remove = _ -> deleteOld();

        RefreshReport report = fixture.refreshes.refresh(ADMIN, bdm, UNWATCHED);

        assertThat(report.steps()).extracting(RefreshReport.Step::name).endsWith("unlock");
        assertRefreshed();
    }

    private void overdue() {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE reseat.cast_step SET due_at = CURRENT_TIMESTAMP");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
