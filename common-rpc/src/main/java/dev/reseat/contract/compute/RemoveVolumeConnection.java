package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/**
 * {@code remove_volume_connection}: takes a volume out of the guest and off the host. Returns null. Repeatable.
 *
 * @param deleteAttachment only sent and only read from 6.3 on: the agent also deletes the volume attachment
 */
public record RemoveVolumeConnection(
        InstanceObject instance,
        String volumeId,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> deleteAttachment) {
    public static final String METHOD = "remove_volume_connection";

    public RemoveVolumeConnection {
        if (instance == null || volumeId == null) {
            throw new IllegalArgumentException("instance and volume_id are needed");
        }
    }
}
