package dev.reseat.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.StepServiceFake;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CastStepsTest {
    private static final ReportTo STEP = new ReportTo("17ac433c-c4bf-4a64-8816-2f334dbb643a", "driver", 7);
    private static final RequestContext CONTEXT = RequestContext.admin();
    private static final RetryPauses PAUSES = new RetryPauses(50, Duration.ofMillis(1), Duration.ofMillis(20));

    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(20)), meters);
    private final CastSteps steps = new CastSteps(client, meters, PAUSES);
    private final StepServiceFake service = new StepServiceFake();
    private final AtomicBoolean acted = new AtomicBoolean();

    @AfterEach
    void close() {
        steps.stop();
        client.close();
        transport.close();
    }

    @Test
    void aStepThatIsOpenIsDoneAndReportedWithItsResult() throws Exception {
        serve();

        run(StepResult.done(Map.of("outcome", "proved")));

        assertTrue(acted.get());
        assertEquals(7, service.nextAsked().epoch());
        assertEquals(report(StepOutcome.DONE, Optional.empty(), Optional.of(Map.of("outcome", "proved"))),
                service.nextReport());
    }

    @Test
    void aStepThatIsNotWantedAnyMoreIsNotDoneAndNobodyIsTold() throws Exception {
        service.admitting(_ -> false);
        serve();

        run(StepResult.done());

        service.nextAsked();
        assertFalse(acted.get());
        assertEquals(0, service.furtherReports());
        assertEquals(1, meters.counter("reseat.steps.not_admitted", "answer", "refused").count());
    }

    @Test
    void whoGetsNoAnswerDoesNothingAndReportsSo() throws Exception {
        service.admitting(_ -> {
            throw new IllegalStateException("the database is away");
        });
        serve();

        run(StepResult.done());

        assertFalse(acted.get());
        assertEquals(StepOutcome.SKIPPED, service.nextReport().outcome());
        assertEquals(1, meters.counter("reseat.steps.not_admitted", "answer", "unanswered").count());
    }

    @Test
    void whoeverDiesWithTheQuestionIsMadeUpForByTheNextOne() throws Exception {
        var asked = new AtomicInteger();
        var never = new CountDownLatch(1);
        service.admitting(_ -> asked.incrementAndGet() > 1 || answersWhen(never));
        serve();

        try (var impatient = new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(9)), meters)) {
            new CastSteps(impatient, meters, PAUSES)
                    .run(CONTEXT, STEP, Deadline.after(Duration.ofSeconds(60)), this::acting);
        } finally {
            never.countDown();
        }

        assertTrue(acted.get());
        assertEquals(2, asked.get());
        assertEquals(StepOutcome.DONE, service.nextReport().outcome());
    }

    private static boolean answersWhen(CountDownLatch never) {
        try {
            never.await();
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void whereNobodyListensNothingIsDone() {
        run(StepResult.done());

        assertFalse(acted.get());
        assertEquals(1, meters.counter("reseat.steps.not_admitted", "answer", "unanswered").count());
    }

    @Test
    void whatComesWhenItsTimeIsOverIsNotDoneWithoutAsking() throws Exception {
        serve();

        steps.run(CONTEXT, STEP, Deadline.after(Duration.ZERO), this::acting);

        assertFalse(acted.get());
        assertEquals(StepOutcome.SKIPPED, service.nextReport().outcome());
    }

    @Test
    void aReportThatIsNotTakenIsRepeated() throws Exception {
        var attempts = new AtomicInteger();
        service.taking(_ -> attempts.incrementAndGet() > 3);
        serve();

        run(StepResult.of(StepOutcome.FAILED, "no room"));

        assertEquals(report(StepOutcome.FAILED, Optional.of("no room"), Optional.empty()), service.nextReport());
        assertEquals(4, attempts.get());
    }

    @Test
    void aDefectIsReportedAsUnknown() throws Exception {
        serve();

        assertThrows(IllegalArgumentException.class, () -> steps.run(CONTEXT, STEP, Deadline.never(), _ -> {
            throw new IllegalArgumentException("a defect");
        }));

        assertEquals(StepOutcome.UNKNOWN, service.nextReport().outcome());
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        var pauses = new RetryPauses(9, Duration.ofSeconds(1), Duration.ofSeconds(30));

        assertEquals(List.of(1L, 2L, 4L, 8L, 16L, 30L, 30L),
                List.of(2, 3, 4, 5, 6, 7, 99).stream().map(pauses::before).map(Duration::toSeconds).toList());
    }

    private void serve() {
        new RpcServer(
                transport, codec, StateRpc.target().onServer("api-1"), List.of(service.endpoint()),
                ServerConfig.DEFAULT, meters)
                .start();
    }

    private void run(StepResult result) {
        steps.run(CONTEXT, STEP, Deadline.never(), admission -> {
            admission.require();
            acted.set(true);
            return result;
        });
    }

    private StepResult acting(Admission admission) {
        admission.require();
        acted.set(true);
        return StepResult.done();
    }

    private static ReportStep report(
            StepOutcome outcome, Optional<String> detail, Optional<Map<String, Object>> result) {
        return new ReportStep(STEP.journalId(), STEP.step(), STEP.epoch(), outcome, detail, result);
    }
}
