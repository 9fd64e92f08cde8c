package dev.reseat.api.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseConfig;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Service;
import dev.reseat.testing.CloudFixture;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
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

@Tag("database")
@Tag("any-database")
final class FlowRunnerIT {
    private static final Duration TIME = Duration.ofHours(1);

    private final CloudFixture cloud = CloudFixture.open();
    private final JournalTable table = new JournalTable();
    private final ProcessLeases leases = leases();
    // a process whose clock is far off: leases are not timed by it
    private final Journal journal =
            new Journal(cloud.database(), table, leases, InstantSource.fixed(Instant.parse("2001-01-01T00:00:00Z")));
    private final FlowRunner runner = new FlowRunner();
    private final List<String> did = new ArrayList<>();
    private final Set<String> there = new HashSet<>();
    private Journal.Entry entry;

    @BeforeEach
    void open() {
        leases.start();
        entry = journal.open(RequestContext.admin(), intention("vol-1"));
    }

    @AfterEach
    void close() {
        leases.stop();
        cloud.close();
    }

    @Test
    void eachStepIsInTheJournalBeforeAndAfter() {
        assertThat(runner.forward(entry, List.of(step("one"), step("two")))).containsExactly("one", "two");

        assertThat(did).containsExactly("one", "two");
        assertThat(story()).containsExactly("one BEGUN", "one DONE", "two BEGUN", "two DONE");
    }

    @Test
    void whatIsThereAlreadyIsPassedOver() {
        there.add("one");

        assertThat(runner.forward(entry, List.of(step("one"), step("two")))).containsExactly("one", "two");
        assertThat(runner.forward(entry, List.of(step("one"), step("two")))).containsExactly("one", "two");

        assertThat(did).containsExactly("two");
        assertThat(story()).containsExactly("one DONE", "two BEGUN", "two DONE");
    }

    @Test
    void aFailureEndsItAndSaysWhetherTheStepRan() {
        var failed = new ServiceException.Failed("no room", null, null);
        var absent = new ServiceException.Unavailable("nobody there", null);
        var silent = new ServiceException.Unknown("no answer", null, null);
        for (ServiceException failure : List.of(failed, absent, silent)) {
            assertThatThrownBy(() -> runner.forward(entry, List.of(failing("one", failure), step("two"))))
                    .isSameAs(failure);
        }

        assertThat(did).isEmpty();
        assertThat(story())
                .containsExactly("one BEGUN", "one FAILED", "one BEGUN", "one SKIPPED", "one BEGUN", "one UNKNOWN");
        assertThat(entry.mayHaveRun("one")).isTrue();
    }

    @Test
    void aStepThatCertainlyDidNotRunHasLeftNothing() {
        var absent = new ServiceException.Unavailable("nobody there", null);

        assertThatThrownBy(() -> runner.forward(entry, List.of(failing("one", absent)))).isSameAs(absent);

        assertThat(entry.mayHaveRun("one")).isFalse();
    }

    @Test
    void aStepWhoseGuardFailsDoesNotRun() {
        var refusal = new ServiceException.Conflict("started meanwhile");

        assertThatThrownBy(() -> runner.forward(entry, List.of(step("one").guardedBy(() -> {
            throw refusal;
        })))).isSameAs(refusal);

        assertThat(did).isEmpty();
        assertThat(story()).containsExactly("one BEGUN", "one SKIPPED");
        assertThat(entry.mayHaveRun("one")).isFalse();
    }

    @Test
    void theWayBackIsLastFirstAndHidesNothing() {
        var failure = new ServiceException.Failed("why", null, null);
        var broken = new ServiceException.Unavailable("cannot be undone", null);
        List<Step> steps = List.of(
                step("one").undoing(() -> did.add("undo one")),
                step("two").undoing(() -> {
                    throw broken;
                }),
                step("three").undoing(() -> did.add("undo three")),
                step("never begun").undoing(() -> did.add("undo never begun")));
        runner.forward(entry, steps.subList(0, 3));

        assertThat(runner.back(entry, steps, failure)).isFalse();

        assertThat(did).containsExactly("one", "two", "three", "undo three", "undo one");
        assertThat(failure).hasMessage("why").hasSuppressedException(broken);
        assertThat(story()).endsWith("undo two FAILED");
    }

    @Test
    void whoWasReplacedGetsNoFurther() {
        ProcessLeases other = leases();
        other.start();
        List<Step> steps = List.of(step("one"), Step.of("two", () -> false, () -> {
            did.add("two");
            cloud.execute(cloud.cinder(), "UPDATE reseat.lease SET expires_at = CURRENT_TIMESTAMP WHERE owner = ?",
                    leases.own());
            assertThat(new Journal(cloud.database(), table, other, InstantSource.system()).adopt(entry.id()))
                    .isPresent();
        }), step("three"));

        assertThatThrownBy(() -> runner.forward(entry, steps)).isInstanceOf(NotOwner.class);

        assertThat(did).containsExactly("one", "two");
        assertThatThrownBy(() -> runner.back(entry, List.of(step("one").undoing(() -> {
            throw new ServiceException.Unavailable("cannot", null);
        })), new ServiceException.Failed("why", null, null))).isInstanceOf(NotOwner.class);
        assertThatThrownBy(() -> entry.settle(JournalEntry.State.DONE, "done")).isInstanceOf(NotOwner.class);
        other.stop();
    }

    @Test
    void oneBadEntryKeepsNoOtherFromBeingSettled() {
        Journal.Entry bad = journal.open(RequestContext.admin(), intention("vol-2"));
        Journal.Entry good = journal.open(RequestContext.admin(), intention("vol-3"));
        for (Journal.Entry left : List.of(entry, bad, good)) {
            left.close();
        }
        var meters = new SimpleMeterRegistry();
        Recovery recovery = (context, adopted, row, patient) -> {
            switch (row.subjectId()) {
                case "vol-1" -> throw new IllegalStateException("a defect");
                case "vol-2" -> throw new ServiceException.Unavailable("nobody there", null);
                default -> adopted.settle(JournalEntry.State.UNDONE, "settled");
            }
        };

        new Reconciler(
                journal, Map.of(JournalEntry.Kind.RESET, recovery),
                new ReconcilerConfig(Duration.ofHours(1), Duration.ofHours(1)), InstantSource.system(), meters)
                .settleAll();

        assertThat(journal.find(good.id()).orElseThrow().state()).isEqualTo(JournalEntry.State.UNDONE);
        assertThat(meters.counter("reseat.reconciler.failures").count()).isEqualTo(2);
        assertThat(journal.unsettled()).as("they come again").containsExactlyInAnyOrder(entry.id(), bad.id());
    }

    @Test
    void oneThatHangsKeepsNeitherAnotherNorTheNextLookWaiting() throws InterruptedException {
        Map<String, CountDownLatch> settled = Map.of("vol-2", new CountDownLatch(1), "vol-3", new CountDownLatch(1));
        var hangs = new CountDownLatch(1);
        var answer = new CountDownLatch(1);
        Recovery recovery = (_, adopted, row, _) -> {
            if (row.subjectId().equals("vol-1")) {
                hangs.countDown();
                await(answer);
            }
            adopted.settle(JournalEntry.State.UNDONE, "settled");
            Optional.ofNullable(settled.get(row.subjectId())).ifPresent(CountDownLatch::countDown);
        };
        Journal.Entry other = journal.open(RequestContext.admin(), intention("vol-2"));
        entry.close();
        other.close();
        Service reconciler = new Reconciler(
                journal, Map.of(JournalEntry.Kind.RESET, recovery),
                new ReconcilerConfig(Duration.ofMillis(50), Duration.ofHours(1)), InstantSource.system(),
                new SimpleMeterRegistry()).service();

        reconciler.start();
        await(hangs);
        await(settled.get("vol-2"));
        journal.open(RequestContext.admin(), intention("vol-3")).close();
        await(settled.get("vol-3"));
        assertThat(reconciler.drain(Duration.ofMillis(1))).isEqualTo(Service.Drained.FORCED);
        answer.countDown();
        assertThat(reconciler.drain(TIME)).isEqualTo(Service.Drained.CLEAN);
        reconciler.stop();

        assertThat(journal.find(entry.id()).orElseThrow().state()).isEqualTo(JournalEntry.State.UNDONE);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private ProcessLeases leases() {
        return new ProcessLeases(cloud.database(), new LeaseTable(), new LeaseConfig(TIME));
    }

    private static Journal.Intention intention(String volume) {
        return new Journal.Intention(
                JournalEntry.Kind.RESET, volume, Optional.empty(), Optional.empty(), Map.of(), Map.of());
    }

    private Step step(String name) {
        return Step.of(name, () -> there.contains(name), () -> {
            did.add(name);
            there.add(name);
        });
    }

    private static Step failing(String name, ServiceException failure) {
        return Step.of(name, () -> false, () -> {
            throw failure;
        });
    }

    private List<String> story() {
        return cloud.cinder()
                .<List<JournalStep>>transaction(tx -> table.steps(tx, entry.id()))
                .stream()
                .map(line -> line.step() + " " + line.phase())
                .toList();
    }
}
