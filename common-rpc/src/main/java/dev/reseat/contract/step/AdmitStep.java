package dev.reseat.contract.step;

/**
 * {@code admit_step} in namespace {@code reseat} of topic {@code reseat-api}, 1.2: whether a step that was cast is
 * still wanted. True only while it is open in that epoch; the answer is kept, so that it is known afterwards whether
 * the worker may have acted. Repeatable.
 */
public record AdmitStep(String journalId, String step, long epoch) {
    public static final String METHOD = "admit_step";

    public AdmitStep {
        if (journalId == null || step == null) {
            throw new IllegalArgumentException("journal_id and step are needed");
        }
    }

    public static AdmitStep of(ReportTo step) {
        return new AdmitStep(step.journalId(), step.step(), step.epoch());
    }
}
