package dev.reseat.testing;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.AdmitStep;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.rpc.server.Endpoint;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Admits steps that were cast as a test wants it, and keeps what is asked and reported. */
public final class StepServiceFake {
    private static final int LIMIT_SECONDS = 30;

    private final BlockingQueue<AdmitStep> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<ReportStep> reports = new LinkedBlockingQueue<>();
    private volatile Predicate<AdmitStep> admits = _ -> true;
    private volatile Predicate<ReportStep> takes = _ -> true;

    /** What it answers from now on; it may throw. */
    public StepServiceFake admitting(Predicate<AdmitStep> answer) {
        admits = answer;
        return this;
    }

    /** Which reports it takes from now on; the others are answered with a failure. */
    public StepServiceFake taking(Predicate<ReportStep> wanted) {
        takes = wanted;
        return this;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.VERSION.major(), StateRpc.VERSION.minor())
                .method(AdmitStep.METHOD, AdmitStep.class, (_, step) -> {
                    asked.add(step);
                    return admits.test(step);
                })
                .method(ReportStep.METHOD, ReportStep.class, (_, report) -> {
                    if (!takes.test(report)) {
                        throw new IllegalStateException("not taken, as the test wants it");
                    }
                    reports.add(report);
                    return null;
                })
                .build();
    }

    /** Waits for the next question. */
    public AdmitStep nextAsked() throws InterruptedException {
        AdmitStep step = asked.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(step, "nobody has asked");
        return step;
    }

    /** Waits for the next report. */
    public ReportStep nextReport() throws InterruptedException {
        ReportStep report = reports.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertNotNull(report, "nobody has reported");
        return report;
    }

    /** Reports that nobody has waited for. */
    public int furtherReports() {
        return reports.size();
    }
}
