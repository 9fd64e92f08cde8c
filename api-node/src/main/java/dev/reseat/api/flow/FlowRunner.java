package dev.reseat.api.flow;

import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalStep.Phase;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Carries a repair's steps out, or takes them back. Each is in the journal before it is done and after, and each of
 * these writes is fenced: a process that another one has replaced gets no further than the next of them. Stateless.
 */
public final class FlowRunner {
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
        List<String> done = new ArrayList<>();
        for (Step step : steps) {
            if (step.isDone().getAsBoolean()) {
                if (!entry.has(step.name(), Phase.DONE)) {
                    entry.step(step.name(), Phase.DONE, Map.of("found", true));
                }
            } else {
                run(entry, step);
            }
            done.add(step.name());
        }
        return List.copyOf(done);
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

    private static void run(Journal.Entry entry, Step step) {
        entry.step(step.name(), Phase.BEGUN, Map.of());
        try {
            step.guard().run();
        } catch (ServiceException e) {
            ended(entry, step, Phase.SKIPPED, e);
            throw e;
        }
        Map<String, Object> told;
        try {
            told = step.run().get();
        } catch (ServiceException e) {
            ended(entry, step, phase(e), e);
            throw e;
        }
        if (!step.settles()) {
            entry.step(step.name(), Phase.DONE, told);
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
