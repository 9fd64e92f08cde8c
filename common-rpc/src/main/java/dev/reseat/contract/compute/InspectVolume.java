package dev.reseat.contract.compute;

import dev.reseat.contract.evidence.Answer;
import java.util.Map;
import java.util.Optional;

/**
 * {@code inspect_volume} in namespace {@code reseat}, 1.0: what the host sees of a volume. Changes nothing.
 *
 * @param instanceUuid whose guest to look at; empty: all guests of the host, which an older agent does not tell
 * @param connectionInfo how the host would reach the volume, {@code {driver_volume_type, data}}; a secret
 */
public record InspectVolume(
        String volumeId, Optional<String> instanceUuid, Optional<Map<String, Object>> connectionInfo) {
    public static final String METHOD = "inspect_volume";

    public InspectVolume {
        if (volumeId == null) {
            throw new IllegalArgumentException("volume_id is needed");
        }
        RemoveVolumeConnection.checkId("volume_id", volumeId);
        instanceUuid.ifPresent(uuid -> RemoveVolumeConnection.checkId("instance_uuid", uuid));
    }

    /**
     * @param guest whether the guest's definition lists the disk; of all guests, whether any does
     * @param running whether that guest runs; of all guests, whether one that lists it does
     * @param host whether the host holds a device, session or open file of the volume
     * @param detail what was seen and where, for the operator; no secrets
     * @param definitions the guest's two definitions one by one; empty from an agent that does not tell
     */
    public record Result(
            Answer guest, Answer running, Answer host, String detail, Optional<Definitions> definitions) {
        public Result {
            definitions = definitions == null ? Optional.empty() : definitions;
        }

        public Result(Answer guest, Answer running, Answer host, String detail) {
            this(guest, running, host, detail, Optional.empty());
        }
    }

    /**
     * @param guests whether the host runs guests; NO only where its settings say so
     * @param inRunning whether the running guest has the disk; NO if it does not run
     * @param inStored whether the stored definition lists it
     */
    public record Definitions(Answer guests, Answer inRunning, Answer inStored) {}

    @Override
    public String toString() {
        return "InspectVolume[" + volumeId + "]";
    }
}
