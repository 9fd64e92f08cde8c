package dev.reseat.api.service;

import dev.reseat.contract.volume.BackendConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a reset found and did, or would do.
 *
 * @param journal the journal entry; empty for a dry run
 * @param driver what came of asking the driver: an outcome of {@code reset_status}, or {@code skipped}, {@code not_needed}
 * @param detail one sentence for the operator
 * @param performer the program that did the driver's part; empty if nothing was done
 * @param after empty for a dry run
 */
public record ResetReport(
        String volumeId,
        Optional<UUID> journal,
        State before,
        Optional<State> after,
        String driver,
        String detail,
        Optional<String> performer,
        List<BackendConnection> connections) {
    public ResetReport {
        connections = List.copyOf(connections);
    }

    /** The columns a reset may change. */
    public record State(
            String status, Optional<String> attachStatus, Optional<String> migrationStatus, int attachments) {}
}
