package dev.reseat.contract.volume;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code describe_connections} in namespace {@code reseat}, 1.0: who the backend sees at a volume. Changes nothing.
 *
 * @param volumeId which volume; may be left out when {@code volume} is given
 */
public record DescribeConnections(Optional<String> volumeId, Optional<VolumeObject> volume) {
    public static final String METHOD = "describe_connections";

    public DescribeConnections {
        if (volumeId.isEmpty() && volume.isEmpty()) {
            throw new IllegalArgumentException("volume_id or volume is needed");
        }
    }

    /**
     * @param supported whether the driver can tell at all; if not, the list says nothing
     * @param location how a host would reach the volume now, {@code {driver_volume_type, data}} without secrets; empty
     *     if the driver cannot tell without a change
     * @param object whether the volume itself is there; a volume-manager that does not say so fails where it is not
     * @param stored what holds it, if it is there
     */
    public record Result(
            boolean supported, String driver, List<BackendConnection> connections,
            Optional<Map<String, Object>> location, Answer object, StoredVolume stored) {
        public Result {
            connections = List.copyOf(connections);
            location = location == null ? Optional.empty() : location;
            object = object != null ? object : supported ? Answer.YES : Answer.UNKNOWN;
            stored = stored == null ? StoredVolume.UNTOLD : stored;
        }

        /** Of a volume that is there, if the driver can tell. */
        public Result(
                boolean supported, String driver, List<BackendConnection> connections,
                Optional<Map<String, Object>> location, StoredVolume stored) {
            this(supported, driver, connections, location, supported ? Answer.YES : Answer.UNKNOWN, stored);
        }

        /** The backend does not have the volume. */
        public static Result absent(String driver) {
            return new Result(true, driver, List.of(), Optional.empty(), Answer.NO, StoredVolume.UNTOLD);
        }

        /**
         * The backend does not have the volume.
         *
         * @param remark what it says instead
         */
        public static Result absent(String driver, String remark) {
            return new Result(true, driver, List.of(), Optional.empty(), Answer.NO,
                    new StoredVolume(ObjectState.UNKNOWN, LockState.UNKNOWN, List.of(remark)));
        }

        public Result(boolean supported, String driver, List<BackendConnection> connections) {
            this(supported, driver, connections, Optional.empty(), StoredVolume.UNTOLD);
        }
    }
}
