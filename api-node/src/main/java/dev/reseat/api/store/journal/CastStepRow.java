package dev.reseat.api.store.journal;

import static java.util.Objects.requireNonNull;

import dev.reseat.contract.step.StepOutcome;
import java.util.Optional;

/**
 * A step that was cast, as far as is known.
 *
 * @param epoch of the journal entry when it was sent
 * @param admitted whether its worker was told that it may act; if not, it certainly has not
 * @param outcome as its worker has reported; empty while it has not
 * @param resultJson what a call would have been answered, without secrets
 */
public record CastStepRow(
        String step, long epoch, boolean admitted, Optional<StepOutcome> outcome, Optional<String> detail,
        Optional<String> resultJson) {
    public CastStepRow {
        requireNonNull(step, "step is null");
    }

    /** One that nobody has been admitted to yet. */
    public static CastStepRow sent(String step, long epoch) {
        return new CastStepRow(step, epoch, false, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** The same, and how it ended. */
    public CastStepRow told(StepOutcome ended, String why) {
        return new CastStepRow(step, epoch, admitted, Optional.of(ended), Optional.of(why), Optional.empty());
    }
}
