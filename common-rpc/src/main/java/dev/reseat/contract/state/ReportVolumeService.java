package dev.reseat.contract.state;

import java.util.Optional;

/**
 * {@code report_volume_service}, 1.3: a volume-manager in place of a cinder-volume is at work. Its row of Cinder's
 * {@code services} counts one report more, and is made if there is none. Returns null.
 *
 * @param host {@code host@backend}
 * @param cluster {@code cluster@backend}, where there is one
 * @param availabilityZone where the backend is
 * @param rpcVersion the highest version of Cinder's volume RPC that may be sent
 * @param objectVersion the same of Cinder's versioned objects
 */
public record ReportVolumeService(
        String host, Optional<String> cluster, String availabilityZone, String rpcVersion, String objectVersion) {
    public static final String METHOD = "report_volume_service";
}
