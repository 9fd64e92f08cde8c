package dev.reseat.api.rest.json;

import dev.reseat.api.object.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a refresh found and did, or would do.
 *
 * @param journal id of the journal entry; absent for a dry run
 * @param before connection_info as it was, masked
 * @param after connection_info as it is now, masked; absent for a dry run
 * @param steps what was done, or would be, in order
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
        List<StepView> steps,
        List<ObservationView> observations) {
    public RefreshView {
        steps = steps == null ? List.of() : List.copyOf(steps);
        observations = observations == null ? List.of() : List.copyOf(observations);
    }

    /** A stored connection_info that may be shown; what is wrong with it if it is damaged. */
    public static Map<String, Object> shown(String connectionInfo) {
        return StoredObject.of(connectionInfo).shown();
    }
}
