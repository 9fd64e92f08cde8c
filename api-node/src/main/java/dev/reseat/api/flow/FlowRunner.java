package dev.reseat.api.flow;

import dev.reseat.api.object.JsonText;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.CastStepRow;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.step.ReportTo;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries a repair's steps out, or takes them back. Each is in the journal before it is done and after, and each of
 * these writes is fenced: a process that another one has replaced gets no further than the next of them. A step that
 * is one transaction is told of in that transaction. Stateless.
 */
public final class FlowRunner {
    private static final System.Logger LOG = System.getLogger(FlowRunner.class.getName());

    @Inject
    public FlowRunner() {}

    /**
     * Forward: what is done already is passed over, the rest is done in order, each if its guard still holds. Nothing
     * is taken back here.
     *
     * @return the steps whose effect is there now, in order
     * @throws ServiceException of the step that failed; it is journalled as unknown, or as skipped if it certainly did
     *     not run, or as failed
     * @throws NotOwner if another process has taken the repair over: hands off
     * @throws StoreException the database cannot be asked: the entry stays as it is, and is gone on with later
     */
    public List<String> forward(Journal.Entry entry, List<Step> steps) {
        return switch (advance(entry, steps)) {
            case Advance.Finished(List<String> done) -> done;
            case Advance.Waiting(_, String step) ->
                throw new IllegalStateException("step " + step + " was cast in a flow that is waited for");
        };
    }

    /**
     * As {@link #forward}, for steps that may be cast: ends at the first that is. An entry that was taken over goes on
     * from there: what the worker has reported is taken as if it had been answered; a worker that has not reported in
     * time is not waited for any more, and its step is done again if it does not show that it is done.
     */
    public Advance advance(Journal.Entry entry, List<Step> steps) {
        steps.stream()
                .filter(step -> step.cast().isPresent())
                .forEach(step -> entry.unsettledCast(step.name()).ifPresent(cast -> settle(entry, step, cast)));
        List<String> done = new ArrayList<>();
        for (Step step : steps) {
            if (step.isDone().getAsBoolean()) {
                if (!entry.has(step.name(), Phase.DONE)) {
                    entry.step(step.name(), Phase.DONE, Map.of("found", true));
                }
            } else if (step.cast().filter(cast -> cast.possible().getAsBoolean()).isPresent()) {
                cast(entry, step, step.cast().get());
                return new Advance.Waiting(done, step.name());
            } else {
                Map<String, Object> told = run(entry, step);
                boolean thenSettles = done.size() + 1 < steps.size() && steps.get(done.size() + 1).settles();
                if (thenSettles) {
                    entry.later(step.name(), Phase.DONE, told);
                } else if (!step.settles()) {
                    entry.step(step.name(), Phase.DONE, told);
                }
            }
            done.add(step.name());
        }
        return new Advance.Finished(done);
    }

    private static void cast(Journal.Entry entry, Step step, CastStep cast) {
        try {
            step.guard().run();
            cast.prepare().run();
        } catch (ServiceException e) {
            entry.step(step.name(), Phase.BEGUN, Map.of());
            ended(entry, step, Phase.SKIPPED, e);
            throw e;
        }
        send(entry, step, cast, entry.cast(step.name(), cast.within()));
    }

    /** What the journal tells already to be cast is sent. */
    private static void send(Journal.Entry entry, Step step, CastStep cast, CastStepRow sent) {
        try {
            cast.send().accept(new ReportTo(entry.id().toString(), step.name(), sent.epoch()));
        } catch (ServiceException.Unknown e) {
            LOG.log(System.Logger.Level.INFO, "step {0} of {1} may have been sent: {2}", step.name(), entry.id(),
                    e.getMessage());
        } catch (ServiceException e) {
            entry.takeBack(sent);
            ended(entry, step, Phase.SKIPPED, e);
            throw e;
        }
    }

    /**
     * Sends the step that the entry was opened with ({@link Journal#openWithCast}).
     *
     * @throws ServiceException if it certainly was not sent; the entry is this process's then
     */
    public void send(Journal.Entry entry, Step step) {
        send(entry, step, step.cast().orElseThrow(), entry.firstCast());
    }

    /** Nobody else can be told of the step any more: the entry is in a later epoch. */
    private static void settle(Journal.Entry entry, Step step, CastStepRow cast) {
        if (cast.outcome().isEmpty()) {
            entry.step(step.name(), cast.admitted() ? Phase.UNKNOWN : Phase.SKIPPED, Map.of("detail",
                    "no report came in time; the worker was " + (cast.admitted() ? "" : "not ") + "admitted"));
            return;
        }
        Map<String, Object> told = new LinkedHashMap<>(Map.of("reported", true));
        try {
            told.putAll(step.cast().orElseThrow().receive().apply(() -> answer(cast)));
        } catch (ServiceException e) {
            ended(entry, step, phase(e), e);
            throw e;
        }
        entry.later(step.name(), Phase.DONE, told); // the report itself is kept
    }

    /** What the worker has reported, as if a call had been answered so. */
    private static Map<String, Object> answer(CastStepRow cast) {
        String detail = cast.detail().orElse("");
        return switch (cast.outcome().orElseThrow()) {
            case DONE -> cast.resultJson().map(JsonText::map).orElse(Map.of());
            case FAILED -> throw new ServiceException.Failed(detail, null, null);
            case UNKNOWN -> throw new ServiceException.Unknown(detail, null, null);
            case SKIPPED -> throw new ServiceException.Unavailable(detail, null);
        };
    }

    /**
     * Back, last step first. A step that cannot be taken back does not keep the earlier ones from it, and never hides
     * why the way back was taken.
     *
     * @param failure why; what fails on the way back is added to it as suppressed
     * @return whether every step was taken back
     * @throws NotOwner if another process has taken the repair over: hands off
     */
    public boolean back(Journal.Entry entry, List<Step> steps, ServiceException failure) {
        boolean all = true;
        for (Step step : steps.reversed()) {
            if (entry.has(step.name(), Phase.BEGUN) || entry.has(step.name(), Phase.DONE)) {
                all &= undone(entry, step, failure);
            }
        }
        return all;
    }

    private static Map<String, Object> run(Journal.Entry entry, Step step) {
        switch (step.kind()) {
            case ACTS -> entry.step(step.name(), Phase.BEGUN, Map.of());
            case ASKS, SETTLES -> entry.later(step.name(), Phase.BEGUN, Map.of());
        }
        try {
            step.guard().run();
        } catch (ServiceException e) {
            ended(entry, step, Phase.SKIPPED, e);
            throw e;
        }
        try {
            return step.run().get();
        } catch (ServiceException e) {
            ended(entry, step, phase(e), e);
            throw e;
        }
    }

    private static void ended(Journal.Entry entry, Step step, Phase phase, ServiceException why) {
        entry.step(
                step.name(), phase,
                why.observations().isEmpty()
                        ? Map.of("detail", why.getMessage())
                        : Map.of("detail", why.getMessage(), "observations", why.observations()));
    }

    private static Phase phase(ServiceException failure) {
        return switch (failure) {
            case ServiceException.Unknown _ -> Phase.UNKNOWN;
            case ServiceException.Unavailable _ -> Phase.SKIPPED;
            default -> Phase.FAILED;
        };
    }

    private static boolean undone(Journal.Entry entry, Step step, ServiceException failure) {
        try {
            step.undo().run();
            return true;
        } catch (ServiceException | StoreException e) {
            failure.addSuppressed(e);
            entry.step("undo " + step.name(), Phase.FAILED, Map.of("detail", String.valueOf(e.getMessage())));
            return false;
        }
    }
}
