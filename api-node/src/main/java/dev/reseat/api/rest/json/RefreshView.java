package dev.reseat.api.rest.json;

import dev.reseat.api.object.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a refresh found and did, or would do.
 *
 * @param journal id of the journal entry; absent for a dry run, and where nothing had to be done
 * @param before connection_info as it was, masked
 * @param after connection_info as it is now, masked; absent for a dry run
 * @param unneeded why nothing had to be done, and nothing was; absent where it was, or would be, refreshed
 * @param steps what was done, or would be, in order
 * @param undo how it is taken back, or that and why it cannot be; absent from a server that does not say
 * @param observations what every source said before; those that could not be asked said {@code unknown}
 */
public record RefreshView(
        String bdmUuid,
        String instanceUuid,
        String volumeId,
        Optional<String> journal,
        Optional<String> oldAttachmentId,
        Optional<String> newAttachmentId,
        Optional<Map<String, Object>> before,
        Optional<Map<String, Object>> after,
        boolean changed,
        Optional<String> unneeded,
        List<StepView> steps,
        Optional<String> undo,
        List<ObservationView> observations) {
    public RefreshView {
        unneeded = unneeded == null ? Optional.empty() : unneeded; // of an older server
        steps = steps == null ? List.of() : List.copyOf(steps);
        observations = observations == null ? List.of() : List.copyOf(observations);
    }

    /** A stored connection_info that may be shown; what is wrong with it if it is damaged. */
    public static Map<String, Object> shown(String connectionInfo) {
        return StoredObject.of(connectionInfo).shown();
    }
}
