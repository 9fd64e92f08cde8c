package dev.reseat.contract.step;

/**
 * Goes with a method that is cast as a step of a repair: who is told what came of it. Before its first act that takes
 * something away the worker asks {@link AdmitStep} with these values, and reports with {@link ReportStep}.
 *
 * @param journalId the journal entry of the repair
 * @param step its step, as the journal calls it
 * @param epoch of the step: raised when nobody waits for this cast any more
 */
public record ReportTo(String journalId, String step, long epoch) {
    public ReportTo {
        if (journalId == null || step == null) {
            throw new IllegalArgumentException("journal_id and step are needed");
        }
    }

    @Override
    public String toString() {
        return "step " + step + " of journal entry " + journalId + ", epoch " + epoch;
    }
}
