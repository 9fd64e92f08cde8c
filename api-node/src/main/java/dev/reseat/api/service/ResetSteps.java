package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Judgement;
import dev.reseat.api.flow.CastStep;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The steps of a reset that was decided on and journalled: the driver's part, the proof that nobody has taken the
 * volume meanwhile, and one transaction. The database does not change before the driver has answered.
 */
final class ResetSteps {
    static final String EVIDENCE = "evidence";
    static final String PLAN = "plan";
    static final String DRIVER = "driver";
    static final String PROOF = "proof";
    static final String COMMIT = "commit";
    private static final String OBSERVATIONS = "observations";

    private final ResetDriver driver;
    private final ResetEvidence sources;
    private final ResetCommit commit;

    @Inject
    ResetSteps(ResetDriver driver, ResetEvidence sources, ResetCommit commit) {
        this.driver = driver;
        this.sources = sources;
        this.commit = commit;
    }

    /** Whether there is a volume manager now that takes the driver's part as a cast. */
    boolean canCast(Volume volume, ResetPlan plan) {
        try {
            return driver.canCast(volume, plan);
        } catch (ServiceException.Unavailable e) {
            return false; // the step itself says so, in the journal
        }
    }

    Duration reportTimeout() {
        return driver.reportTimeout();
    }

    /** @param deadline of every call that is made for it */
    Run of(
            RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, ResetPlan plan,
            Deadline deadline) {
        return new Run(context, entry, volume, request, plan, deadline);
    }

    /** One run through the steps. For one thread. */
    final class Run {
        private final RequestContext context;
        private final Journal.Entry entry;
        private final Volume volume;
        private final StateRequest request;
        private final ResetPlan plan;
        private final Deadline deadline;
        private Optional<DriverOutcome> outcome = Optional.empty();
        private Optional<Diagnosed> found = Optional.empty();
        private Evidence proof = Evidence.NONE;
        private boolean failedHalfway;
        private boolean superseded;

        private Run(
                RequestContext context, Journal.Entry entry, Volume volume, StateRequest request, ResetPlan plan,
                Deadline deadline) {
            this.context = context;
            this.entry = entry;
            this.volume = volume;
            this.request = request;
            this.plan = plan;
            this.deadline = deadline;
        }

        Journal.Entry entry() {
            return entry;
        }

        List<Step> steps() {
            return list(
                    castWherePossible(Step.telling(DRIVER, () -> false, this::drive)),
                    Step.asking(PROOF, this::prove));
        }

        /**
         * The same after it was cut off, or cast. Whether the driver had done its part was reported, or shows at the
         * backend; if it had not, it is not told to again: the operator decides that on fresh evidence.
         */
        List<Step> resumed() {
            Step reported = Step.telling(DRIVER, this::isKnown, this::drive)
                    .guardedBy(this::refuseToRepeat)
                    .castBy(castIf(() -> false));
            return list(reported, Step.asking(PROOF, this::proveAsFound));
        }

        private Step castWherePossible(Step called) {
            return switch (request.waiting()) {
                case FOR_ANSWER -> called;
                case FOR_REPORT -> called.castBy(castIf(() -> driver.canCast(volume, plan)));
            };
        }

        private CastStep castIf(BooleanSupplier possible) {
            return new CastStep(
                    possible, driver.reportTimeout(), () -> {},
                    reportTo -> driver.cast(context, volume, plan, reportTo), this::received);
        }

        /** From here on the reset is whoever's who gets the report. */
        void awaitReport() {
            outcome = Optional.of(new DriverOutcome.Sent());
        }

        private List<Step> list(Step driverStep, Step proofStep) {
            Step commitStep = Step.settling(COMMIT, this::commit);
            return plan.takesAway()
                    ? List.of(driverStep, proofStep, commitStep)
                    : List.of(driverStep, commitStep);
        }

        /** What came of the driver's part, once that step is done. */
        DriverOutcome outcome() {
            return outcome.orElseThrow();
        }

        /** What was said after it. */
        Evidence proof() {
            return proof;
        }

        /** How the entry is settled if a step fails now. Undone means that the backend is as it was, too. */
        JournalEntry.State ifFailed() {
            if (superseded) {
                return JournalEntry.State.SUPERSEDED;
            }
            return touched() ? JournalEntry.State.FAILED : JournalEntry.State.UNDONE;
        }

        private boolean touched() {
            return outcome.map(DriverOutcome::acted).orElse(failedHalfway);
        }

        private Map<String, Object> drive() {
            return told(() -> driver.run(context, volume, request, plan, deadline));
        }

        private Map<String, Object> received(Supplier<Map<String, Object>> report) {
            return told(() -> driver.reported(volume, request, report));
        }

        /** An answer and a report mean the same. */
        private Map<String, Object> told(Supplier<DriverOutcome> part) {
            DriverOutcome answer;
            try {
                answer = part.get();
            } catch (ServiceException.Failed e) {
                failedHalfway = true;
                throw e;
            }
            outcome = Optional.of(answer);
            if (answer instanceof DriverOutcome.Answered(_, var result) && !answer.proves()
                    && !request.force().contains(Force.ACCEPT_UNKNOWN)) {
                throw new ServiceException.Conflict(
                        ErrorCode.EVIDENCE_UNKNOWN,
                        "Driver " + result.driver() + " cannot see whether volume " + volume.id() + " is still used: "
                                + result.detail() + "." + doneAlready(),
                        ResetDecision.again(volume, request, Force.ACCEPT_UNKNOWN));
            }
            Map<String, Object> told = new LinkedHashMap<>();
            told.put("answer", answer.code());
            told.put("detail", answer.detail());
            answer.performer().ifPresent(performer -> told.put("performer", performer.program()));
            return told;
        }

        /** Before a volume is given free, whoever may have taken it meanwhile is asked once more. */
        private Map<String, Object> prove() {
            Diagnosed now = sources.again(context, volume, outcome(), deadline);
            proof = now.evidence();
            try {
                ResetDecision.refuseClaimed(volume, now);
                ResetDecision.refuseUnknown(volume, request, proof, sources.proving(outcome()));
            } catch (ServiceException.Conflict refused) {
                throw refused(refused);
            }
            return observations(proof);
        }

        private boolean isKnown() {
            return outcome.isPresent() || (entry.mayHaveRun(DRIVER) && isShown());
        }

        private boolean isShown() {
            Diagnosed seen = sources.afterCrash(context, volume, deadline);
            found = Optional.of(seen);
            entry.step(EVIDENCE, Phase.DONE, observations(seen.evidence()));
            return switch (BackendShape.isReached(volume, plan, seen.backend())) {
                case YES -> {
                    outcome = Optional.of(new DriverOutcome.Shown());
                    yield true;
                }
                case NO -> false;
                case UNKNOWN -> {
                    failedHalfway = true;
                    throw new ServiceException.Unknown(
                            "It cannot be told what the driver had done; nothing was changed in the database.", null,
                            null);
                }
            };
        }

        private void refuseToRepeat() {
            boolean asBefore =
                    found.map(seen -> BackendShape.isUntouched(volume, plan, seen.backend())).orElse(true);
            failedHalfway = !asBefore;
            throw new ServiceException.Conflict(
                    "The driver had not " + (asBefore ? "begun" : "finished")
                            + "; nothing was changed in the database. Run it again.");
        }

        /** What is found now has to prove it whole: what was said before is old. */
        private Map<String, Object> proveAsFound() {
            Diagnosed seen = found.orElseGet(() -> sources.afterReport(context, volume, deadline));
            proof = seen.evidence();
            try {
                ResetDecision.refuseClaimed(volume, seen);
            } catch (ServiceException.Conflict refused) {
                throw refused(refused);
            }
            if (proof.judge(ResetDecision.REQUIRED) instanceof Judgement.Unknown unknown
                    && !request.force().contains(Force.ACCEPT_UNKNOWN)) {
                throw new ServiceException.Unknown(
                        "It cannot be told whether the volume is used; nothing was changed in the database. "
                                + unknown.text() + "." + doneAlready(),
                        null, null);
            }
            return observations(proof);
        }

        private void commit() {
            String settled = "driver " + outcome().code() + ": " + outcome().detail();
            if (!commit.commit(context, entry, volume, request, settled)) {
                superseded = true;
                throw new ServiceException.Conflict(
                        ErrorCode.CHANGED_MEANWHILE,
                        "Volume " + volume.id() + " was changed by somebody else meanwhile; its state was not reset."
                                + doneAlready(),
                        "reseat volume show " + volume.id());
            }
        }

        private ServiceException refused(ServiceException.Conflict why) {
            var told = new ServiceException.Conflict(
                    why.code(), why.getMessage() + doneAlready(), why.next().orElse(null));
            told.restsOn(proof.observations());
            return told;
        }

        private String doneAlready() {
            return touched() ? " The driver has done its part already." : "";
        }

        private static Map<String, Object> observations(Evidence evidence) {
            return Map.of(OBSERVATIONS, evidence.observations());
        }
    }
}
