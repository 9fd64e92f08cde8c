package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/**
 * What a reset found and did, or would do.
 *
 * @param journal id of the journal entry; absent for a dry run
 * @param driver what came of asking the driver
 * @param performer the program that did the driver's part; absent if nothing was done
 * @param after absent for a dry run
 */
public record ResetView(
        String volumeId,
        Optional<String> journal,
        State before,
        Optional<State> after,
        String driver,
        String detail,
        Optional<String> performer,
        List<Connection> connections) {
    /** The columns a reset may change, and how many live attachments there are. */
    public record State(
            String status, Optional<String> attachStatus, Optional<String> migrationStatus, int attachments) {}

    /**
     * One connection as the backend sees it.
     *
     * @param exported {@code yes}, {@code no} or {@code unknown}
     * @param inUse likewise
     */
    public record Connection(
            Optional<String> attachmentId, Optional<String> host, String exported, String inUse, String detail) {}
}
