package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reseat.contract.step.ReportTo;
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

    /**
     * The same in namespace {@code reseat}, 1.1: as a step of a repair, which is cast.
     *
     * @param deleteAttachment whether the agent also deletes the volume attachment
     * @param reportTo who admits it and is told what came of it; without it this is a call like the other
     */
    public record AsStep(
            InstanceObject instance,
            String volumeId,
            Optional<Boolean> deleteAttachment,
            @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ReportTo> reportTo) {
        public AsStep {
            if (instance == null || volumeId == null) {
                throw new IllegalArgumentException("instance and volume_id are needed");
            }
        }
    }

    public RemoveVolumeConnection {
        if (instance == null || volumeId == null) {
            throw new IllegalArgumentException("instance and volume_id are needed");
        }
    }
}
