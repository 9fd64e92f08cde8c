package dev.reseat.contract.state;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Repairs of one volume for other services, in namespace {@code reseat} of topic {@code reseat-api}, 1.4; for
 * administrators. Called, each answers when it is done; cast, it is done all the same, and the journal tells what came
 * of it. Failures: {@code Invalid}, {@code NotFound}, {@code Conflict}, {@code Forbidden}, {@code Failed},
 * {@code Unavailable}, and {@code Unknown}, of which the journal will tell; all of module {@code reseat.exception}.
 */
public final class RepairCalls {
    private RepairCalls() {}

    /**
     * {@code repair}: what the decision table calls safe for what the volume shows.
     *
     * @param pattern what it has shown before: it is not repaired if it shows another one now
     * @param dryRun looks, decides and plans only
     * @param reason why, recorded
     */
    public record Repair(
            String volumeId, Optional<String> pattern, Optional<Boolean> dryRun, Optional<String> reason) {
        public static final String METHOD = "repair";
    }

    /** {@code undo}: takes a repair back, by the id of its journal entry. */
    public record Undo(String journalId, Optional<Boolean> dryRun, Optional<String> reason) {
        public static final String METHOD = "undo";
    }

    /**
     * {@code reset_status}: as {@code os-reset_status}, driver first.
     *
     * @param force grades: {@code ignore-driver-error}, {@code skip-driver}, {@code accept-unknown}; with a reason
     */
    public record ResetVolumeStatus(
            String volumeId,
            Optional<String> status,
            Optional<String> attachStatus,
            Optional<String> migrationStatus,
            Optional<List<String>> force,
            Optional<Boolean> dryRun,
            Optional<String> reason) {
        public static final String METHOD = "reset_status";
    }

    /**
     * {@code refresh_connection_info}: of one block device mapping, by its uuid.
     *
     * @param connector of the host, where its agent cannot be asked
     * @param acceptUnknown takes "nobody can say" for a no; with a reason
     */
    public record RefreshConnectionInfo(
            String mappingId,
            Optional<Map<String, Object>> connector,
            Optional<Boolean> acceptUnknown,
            Optional<Boolean> dryRun,
            Optional<String> reason) {
        public static final String METHOD = "refresh_connection_info";

        /** Which mapping, never the connector. */
        @Override
        public String toString() {
            return "RefreshConnectionInfo[" + mappingId + "]";
        }
    }

    /**
     * What was done, or would be.
     *
     * @param volumeId the volume
     * @param steps in order
     * @param undo how it is taken back, or why it cannot be; empty where nothing is done
     * @param journal id of the journal entry; empty for a dry run, and where nothing had to be done
     * @param before what it was decided on, where it was diagnosed
     * @param after what the volume shows now, where that was looked at
     */
    public record Done(
            String volumeId,
            List<String> steps,
            Optional<String> undo,
            Optional<String> journal,
            Optional<DiagnoseCall.Found> before,
            Optional<DiagnoseCall.Found> after) {
        public Done {
            steps = List.copyOf(steps);
        }
    }
}
