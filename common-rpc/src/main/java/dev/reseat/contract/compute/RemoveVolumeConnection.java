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

    /** As long as rows keep one. */
    private static final int LONGEST_ID = 36;

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
            check(instance, volumeId);
        }
    }

    public RemoveVolumeConnection {
        check(instance, volumeId);
    }

    /** @throws IllegalArgumentException if one is missing, or its id is none that a row holds; it names files too */
    public static void check(InstanceObject instance, String volumeId) {
        if (instance == null || volumeId == null) {
            throw new IllegalArgumentException("instance and volume_id are needed");
        }
        checkId("the instance's uuid", instance.uuid());
        checkId("volume_id", volumeId);
    }

    static void checkId(String name, String id) {
        if (id.isBlank() || id.length() > LONGEST_ID || !id.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(name + " must be 1 to " + LONGEST_ID + " characters of ASCII");
        }
    }
}
