package dev.reseat.contract.step;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/**
 * {@code report_step} in namespace {@code reseat} of topic {@code reseat-api}, 1.2: what came of a step that was cast.
 * Returns null once that is kept; any api-node goes on with the repair. Repeatable: of several reports of one step the
 * first counts.
 *
 * @param detail one sentence for the operator, without secrets; empty for a step that is simply done
 * @param result what the method would have answered to a call; empty for null
 */
public record ReportStep(
        String journalId,
        String step,
        long epoch,
        StepOutcome outcome,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> detail,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Map<String, Object>> result) {
    public static final String METHOD = "report_step";

    public ReportStep {
        if (journalId == null || step == null || outcome == null) {
            throw new IllegalArgumentException("journal_id, step and outcome are needed");
        }
    }
}
