package dev.reseat.contract.volume;

import java.util.List;
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

    /** @param supported whether the driver can tell at all; if not, the list says nothing */
    public record Result(boolean supported, String driver, List<BackendConnection> connections) {
        public Result {
            connections = List.copyOf(connections);
        }
    }
}
