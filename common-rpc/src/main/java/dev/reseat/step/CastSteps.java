package dev.reseat.step;

import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.AdmitStep;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Runs steps that were cast, which may be read long after they were sent: none acts without an api-node's yes, and each
 * is reported on. Thread-safe.
 */
public final class CastSteps implements Service {
    private static final System.Logger LOG = System.getLogger(CastSteps.class.getName());

    /**
     * How often an api-node is asked within the time of one call: one that dies takes with it what it has just read,
     * and another one answers the same question the same.
     */
    private static final int ASKED = 3;

    private final PreparedCall api;
    private final MeterRegistry meters;
    private final RetryPauses pauses;
    private final Duration answer;
    private final CountDownLatch stopping = new CountDownLatch(1);

    public CastSteps(RpcClient client, MeterRegistry meters, RetryPauses pauses) {
        this.api = client.prepare(StateRpc.steps());
        this.meters = meters;
        this.pauses = pauses;
        this.answer = api.timeout().dividedBy(ASKED);
    }

    @Override
    public void start() {
        // works when it is asked to
    }

    /** Reports that nobody takes are given up: whoever waits for one asks when its time is over. */
    @Override
    public void stop() {
        stopping.countDown();
    }

    /**
     * Returns when the work has ended and was reported, or will be reported as soon as an api-node takes it.
     *
     * @param deadline when nobody will want it any more
     * @param work requires the admission before its first act that takes something away, and tells what came of it; if
     *     it throws anything else than {@link NotAdmitted}, that is reported as unknown and thrown on
     */
    public void run(
            RequestContext context, ReportTo step, Deadline deadline, Function<Admission, StepResult> work) {
        try {
            report(context, step, work.apply(() -> admit(context, step, deadline)));
        } catch (NotAdmitted.Refused e) {
            notAdmitted(e, "refused");
        } catch (NotAdmitted.Unanswered e) {
            notAdmitted(e, "unanswered");
            report(context, step, StepResult.of(StepOutcome.SKIPPED, e.getMessage()));
        } catch (RuntimeException e) {
            report(context, step, StepResult.of(StepOutcome.UNKNOWN, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void notAdmitted(NotAdmitted why, String answer) {
        LOG.log(Level.WARNING, "nothing is done: {0}", why.getMessage());
        meters.counter("reseat.steps.not_admitted", "answer", answer).increment();
    }

    private void admit(RequestContext context, ReportTo step, Deadline deadline) {
        if (deadline.isOver()) {
            throw new NotAdmitted.Unanswered("the time for " + step + " is over", null);
        }
        boolean admitted;
        try {
            admitted = isAdmitted(context, step, deadline, 1);
        } catch (RpcException e) {
            throw new NotAdmitted.Unanswered("no api-node has admitted " + step + ": " + e.getMessage(), e);
        }
        if (!admitted) {
            throw new NotAdmitted.Refused(step + " is not wanted any more");
        }
    }

    private boolean isAdmitted(RequestContext context, ReportTo step, Deadline deadline, int attempt) {
        try {
            return Boolean.TRUE.equals(api.within(deadline.within(answer))
                    .call(context, AdmitStep.METHOD, AdmitStep.of(step), Boolean.class));
        } catch (RpcException.OutcomeUnknown e) {
            if (attempt == ASKED || deadline.isOver()) {
                throw e;
            }
            LOG.log(Level.DEBUG, "whether {0} is wanted is asked once more: {1}", step, e.getMessage());
            return isAdmitted(context, step, deadline, attempt + 1);
        }
    }

    private void report(RequestContext context, ReportTo step, StepResult result) {
        var report = new ReportStep(
                step.journalId(), step.step(), step.epoch(), result.outcome(), result.detail(), result.result());
        if (!delivered(context, report, 1)) {
            Thread.ofVirtual().name("report-step").start(() -> repeat(context, report));
        }
    }

    private void repeat(RequestContext context, ReportStep report) {
        try {
            for (int attempt = 2; attempt <= pauses.attempts(); attempt++) {
                if (stopping.await(pauses.before(attempt).toMillis(), TimeUnit.MILLISECONDS)
                        || delivered(context, report, attempt)) {
                    return;
                }
            }
            LOG.log(Level.ERROR, "what came of step {0} of journal entry {1} was not taken by any api-node: {2}",
                    report.step(), report.journalId(), report.outcome().text());
            meters.counter("reseat.steps.report_lost").increment();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean delivered(RequestContext context, ReportStep report, int attempt) {
        try {
            api.call(context, ReportStep.METHOD, report, Void.class);
            return true;
        } catch (RpcException e) {
            LOG.log(Level.WARNING, "report {0} of step {1} of journal entry {2} was not taken: {3}", attempt,
                    report.step(), report.journalId(), e.getMessage());
            return false;
        }
    }
}
