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
 * @param observations what every source said; those that could not be asked said {@code unknown}
 * @param plan absent from a server that does not say
 */
public record ResetView(
        String volumeId,
        Optional<String> journal,
        State before,
        Optional<State> after,
        String driver,
        String detail,
        Optional<String> performer,
        List<Connection> connections,
        List<ObservationView> observations,
        Optional<Plan> plan) {
    public ResetView {
        observations = observations == null ? List.of() : List.copyOf(observations);
    }

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

    /**
     * What was decided on the observations.
     *
     * @param way who does the driver's part: {@code reseat}, {@code cinder}, or why nobody does
     * @param required the sources whose no was needed
     * @param undo how it is taken back, or that and why it cannot be; absent from a server that does not say
     */
    public record Plan(String way, List<String> required, List<StepView> steps, Optional<String> undo) {}
}
