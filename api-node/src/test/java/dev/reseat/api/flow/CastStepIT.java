package dev.reseat.api.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.Settings;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Steps that are cast over a real RabbitMQ, on a real journal, to a worker that may be away. */
@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
@Tag("broker")
final class CastStepIT {
    private static final RequestContext ADMIN = RequestContext.admin();
    private static final Duration LONG = Duration.ofMinutes(10);

    private final CloudFixture cloud = CloudFixture.open();
    private final JournalTable table = new JournalTable();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Service> started = new ArrayList<>();
    private final Rpc rpc = Rpc.overBroker(
            RpcConfig.from(Settings.parse("[DEFAULT]\nrpc_response_timeout = 5\ntransport_url = "
                    + RabbitBroker.running().transportUrl())),
            "test", meters);
    private final Target worker = Target.of("reseat", "worker-" + UUID.randomUUID())
            .onServer("host-a")
            .inNamespace("reseat")
            .atVersion(RpcVersion.of(1, 0));
    private final FlowRunner runner = new FlowRunner();
    private final List<String> did = new CopyOnWriteArrayList<>();
    private final BlockingQueue<ReportTo> handled = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> carriedOn = new LinkedBlockingQueue<>();
    private final Node one = new Node();
    private final Node other = new Node();
    private Journal.Entry entry;

    /** One api-node, as far as flows go. */
    private final class Node implements Recovery {
        private final ProcessLeases leases =
                new ProcessLeases(cloud.database(), new LeaseTable(), new LeaseConfig(Duration.ofHours(1)));
        private final Journal journal = new Journal(cloud.database(), table, leases, InstantSource.system());
        private final Reconciler reconciler = new Reconciler(
                journal, Map.of(JournalEntry.Kind.RESET, this),
                new ReconcilerConfig(Duration.ofHours(1), Duration.ofHours(1)), InstantSource.system(), meters);
        private final CastReports reports = new CastReports(journal, reconciler);

        @Override
        public void settle(RequestContext context, Journal.Entry adopted, JournalEntry row, boolean patient) {
            try {
                Advance progress = runner.advance(adopted, steps(adopted));
                if (progress instanceof Advance.Finished) {
                    adopted.settle(JournalEntry.State.DONE, "done");
                }
                carriedOn.add(progress);
            } catch (ServiceException e) {
                carriedOn.add(e);
            }
        }

        RpcServer serve(String name) {
            return start(rpc.server(
                    StateRpc.target().onServer(name), List.of(new StepEndpoint(reports).endpoint())));
        }
    }

    @BeforeEach
    void open() {
        start(rpc);
        start(one.leases);
        start(other.leases);
        entry = open("vol-1");
    }

    private Journal.Entry open(String volume) {
        return one.journal.open(ADMIN, new Journal.Intention(
                JournalEntry.Kind.RESET, volume, Optional.empty(), Optional.empty(), Map.of(), Map.of()));
    }

    @AfterEach
    void close() {
        started.reversed().forEach(service -> {
            service.drain(Duration.ofSeconds(20));
            service.stop();
        });
        cloud.close();
    }

    @Test
    void aReportCarriesTheFlowOn() throws Exception {
        one.serve("api-1");
        startWorker(_ -> StepResult.done(Map.of("word", "proved")));

        assertThat(cast()).isEqualTo(new Advance.Waiting(List.of("before"), "driver"));

        assertThat(carriedOn()).isEqualTo(new Advance.Finished(List.of("before", "driver", "after")));
        assertThat(did).containsExactly("before", "worker", "received proved", "after");
        assertThat(story()).containsExactly(
                "before BEGUN", "before DONE", "driver BEGUN", "driver DONE", "after BEGUN", "after DONE");
        assertThat(state()).isEqualTo(JournalEntry.State.DONE);
    }

    @Test
    void aReportToAnotherApiNodeCarriesItOnThere() throws Exception {
        other.serve("api-2");
        startWorker(_ -> StepResult.done());

        cast();

        assertThat(carriedOn()).isInstanceOf(Advance.Finished.class);
        assertThat(one.journal.find(entry.id()).orElseThrow().owner()).isEqualTo(other.leases.own());
        assertThatThrownBy(() -> entry.settle(JournalEntry.State.FAILED, "mine")).isInstanceOf(NotOwner.class);
    }

    @Test
    void aReportThatComesTwiceIsHarmless() throws Exception {
        one.serve("api-1");
        other.serve("api-2");
        startWorker(_ -> StepResult.done());
        cast();
        carriedOn();
        ReportTo step = handled.poll(20, TimeUnit.SECONDS);

        for (StepOutcome outcome : List.of(StepOutcome.DONE, StepOutcome.FAILED)) {
            call(StateRpc.steps()).call(ADMIN, ReportStep.METHOD, new ReportStep(
                    step.journalId(), step.step(), step.epoch(), outcome, Optional.empty(), Optional.empty()),
                    Void.class);
        }

        assertThat(carriedOn).isEmpty();
        assertThat(did).containsExactly("before", "worker", "received null", "after");
        assertThat(state()).isEqualTo(JournalEntry.State.DONE);
    }

    @Test
    void whatWaitsForAReportIsLeftInPeaceUntilItIsDue() {
        hold(worker);
        cast();
        entry.close();

        one.reconciler.settleAll();
        other.reconciler.settleAll();

        assertThat(carriedOn).isEmpty();
        assertThat(story()).endsWith("driver BEGUN");
    }

    /** The worker's queue outlives it: what it left there is read when it comes back. */
    @Test
    void aWorkerThatComesBackAfterItsStepWasSettledDoesNothing() throws Exception {
        one.serve("api-1");
        hold(worker);
        cast();
        entry.close();
        overdue();
        other.reconciler.settleAll(); // sends it again, in a later epoch
        assertThat(carriedOn()).isInstanceOf(Advance.Waiting.class);
        assertThat(story()).containsSequence("driver BEGUN", "driver SKIPPED", "driver BEGUN");
        cloud.execute(cloud.cinder(), "UPDATE reseat.journal SET state = 'undone', outcome = 'given up'");

        startWorker(_ -> StepResult.done());

        assertThat(List.of(handled(), handled())).extracting(ReportTo::epoch).containsExactlyInAnyOrder(1L, 2L);
        assertThat(did).as("neither the first nor the second cast").containsExactly("before");
        assertThat(meters.counter("reseat.steps.not_admitted", "answer", "refused").count()).isEqualTo(2);
    }

    @Test
    void aWorkerThatWasAdmittedAndIsSilentMakesTheStepUnknownAndItIsDoneAgain() throws Exception {
        hold(worker);
        cast();
        entry.close();
        assertThat(one.reports.admit(ADMIN, entry.id().toString(), "driver", 1)).isTrue();
        overdue();

        other.reconciler.settleAll();

        assertThat(carriedOn()).isInstanceOf(Advance.Waiting.class);
        assertThat(story()).containsSequence("driver BEGUN", "driver UNKNOWN", "driver BEGUN");
        assertThat(one.reports.admit(ADMIN, entry.id().toString(), "driver", 1)).as("the first epoch").isFalse();
        assertThat(one.reports.admit(ADMIN, entry.id().toString(), "driver", 2)).as("the second one").isTrue();
    }

    @Test
    void aStepIsNotAdmittedOnceItsTimeIsOverOrWhenItIsMadeUp() {
        hold(worker);
        cast();
        String id = entry.id().toString();

        assertThat(one.reports.admit(ADMIN, id, "another", 1)).isFalse();
        assertThat(one.reports.admit(ADMIN, UUID.randomUUID().toString(), "driver", 1)).isFalse();
        assertThat(one.reports.admit(ADMIN, "no id", "driver", 1)).isFalse();
        assertThat(one.reports.admit(ADMIN, id, "driver", 2)).isFalse();
        overdue();
        assertThat(one.reports.admit(ADMIN, id, "driver", 1)).isFalse();
    }

    @Test
    void whoeverWithdrawsAStepNeedNotWaitUntilItIsDue() {
        hold(worker);
        assertThat(one.journal.withdraw(entry.id())).as("it does not wait yet").isEmpty();
        cast();
        entry.close();

        try (Journal.Entry withdrawn = other.journal.withdraw(entry.id()).orElseThrow()) {
            assertThat(one.reports.admit(ADMIN, entry.id().toString(), "driver", 1)).isFalse();
            assertThat(runner.advance(withdrawn, List.of(step("before")))).isInstanceOf(Advance.Finished.class);
            withdrawn.settle(JournalEntry.State.UNDONE, "cancelled");
        }
        assertThat(state()).isEqualTo(JournalEntry.State.UNDONE);
    }

    @Test
    void whatAWorkerCouldNotDoFailsTheStep() throws Exception {
        one.serve("api-1");
        Map<StepOutcome, Class<?>> failures = Map.of(
                StepOutcome.FAILED, ServiceException.Failed.class,
                StepOutcome.UNKNOWN, ServiceException.Unknown.class,
                StepOutcome.SKIPPED, ServiceException.Unavailable.class);
        var outcome = new LinkedBlockingQueue<StepOutcome>();
        startWorker(_ -> StepResult.of(outcome.remove(), "as told"));
        for (Map.Entry<StepOutcome, Class<?>> expected : failures.entrySet()) {
            entry = open("vol of " + expected.getKey());
            outcome.add(expected.getKey());
            cast();
            assertThat(carriedOn()).isInstanceOf(expected.getValue()).hasFieldOrPropertyWithValue("message", "as told");
            assertThat(story()).endsWith("driver BEGUN", "driver " + expected.getKey());
        }
    }

    @Test
    void aCastThatCannotBeSentLeavesTheEntryToWhoTried() {
        assertThatThrownBy(this::cast).isInstanceOf(ServiceException.Unavailable.class);

        assertThat(story()).endsWith("driver BEGUN", "driver SKIPPED");
        assertThat(entry.mayHaveRun("driver")).isFalse();
        entry.settle(JournalEntry.State.UNDONE, "nobody there");
        assertThat(state()).isEqualTo(JournalEntry.State.UNDONE);
    }

    @Test
    void aCastExpires() throws Exception {
        one.serve("api-1");
        hold(worker);
        call(worker).expiring(Duration.ofMillis(1)).cast(ADMIN, "act", new Act(new ReportTo("1", "expired", 1)));
        call(worker).cast(ADMIN, "act", new Act(new ReportTo("2", "lives", 1)));

        startWorker(_ -> StepResult.done());

        assertThat(handled().step()).isEqualTo("lives");
        assertThat(handled).isEmpty();
    }

    /** What a worker is sent. */
    record Act(ReportTo reportTo) {}

    private Advance cast() {
        return runner.advance(entry, steps(entry));
    }

    private List<Step> steps(Journal.Entry at) {
        return List.of(
                step("before"),
                Step.of("driver", () -> at.has("driver", JournalStep.Phase.DONE), () -> did.add("called"))
                        .castBy(new CastStep(() -> true, LONG, () -> {}, this::send,
                                this::receive)),
                step("after"));
    }

    private Map<String, Object> receive(Supplier<Map<String, Object>> answer) {
        did.add("received " + answer.get().get("word"));
        return Map.of();
    }

    private Step step(String name) {
        return Step.of(name, () -> did.contains(name), () -> did.add(name));
    }

    private void send(ReportTo reportTo) {
        try {
            call(worker).expiring(LONG).cast(ADMIN, "act", new Act(reportTo));
        } catch (RpcException.NotDelivered e) {
            throw new ServiceException.Unavailable(e.getMessage(), e);
        }
    }

    private void startWorker(Function<ReportTo, StepResult> work) {
        var steps = new CastSteps(rpc.client(), meters, RetryPauses.DEFAULT);
        start(steps);
        start(rpc.server(worker, List.of(Endpoint.of("reseat", 1, 0)
                .timed("act", Act.class, (context, act, deadline) -> {
                    steps.run(context, act.reportTo(), deadline, admission -> {
                        admission.require();
                        did.add("worker");
                        return work.apply(act.reportTo());
                    });
                    handled.add(act.reportTo());
                    return null;
                })
                .build())));
    }

    /** Makes its queues, as a worker does that has gone again. */
    private void hold(Target target) {
        RpcServer gone = rpc.server(target, List.of());
        gone.start();
        gone.stop();
    }

    private void overdue() {
        cloud.execute(cloud.cinder(), "UPDATE reseat.cast_step SET due_at = CURRENT_TIMESTAMP");
    }

    private PreparedCall call(Target target) {
        return rpc.client().prepare(target);
    }

    private Object carriedOn() throws InterruptedException {
        return carriedOn.poll(30, TimeUnit.SECONDS);
    }

    private ReportTo handled() throws InterruptedException {
        return handled.poll(30, TimeUnit.SECONDS);
    }

    private <S extends Service> S start(S service) {
        service.start();
        started.add(service);
        return service;
    }

    private JournalEntry.State state() {
        return one.journal.find(entry.id()).orElseThrow().state();
    }

    private List<String> story() {
        return cloud.cinder()
                .<List<JournalStep>>transaction(tx -> table.steps(tx, entry.id()))
                .stream()
                .map(line -> line.step() + " " + line.phase())
                .toList();
    }
}
