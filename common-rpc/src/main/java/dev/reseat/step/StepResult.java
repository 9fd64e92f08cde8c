package dev.reseat.step;

import static java.util.Objects.requireNonNull;

import dev.reseat.contract.step.StepOutcome;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a step.
 *
 * @param detail one sentence, without secrets
 * @param result what a call would have been answered
 */
public record StepResult(StepOutcome outcome, Optional<String> detail, Optional<Map<String, Object>> result) {
    public StepResult {
        requireNonNull(outcome, "outcome is null");
    }

    public static StepResult done() {
        return new StepResult(StepOutcome.DONE, Optional.empty(), Optional.empty());
    }

    public static StepResult done(Map<String, Object> result) {
        return new StepResult(StepOutcome.DONE, Optional.empty(), Optional.of(result));
    }

    /** It ended otherwise. */
    public static StepResult of(StepOutcome outcome, String detail) {
        return new StepResult(outcome, Optional.of(detail), Optional.empty());
    }
}
