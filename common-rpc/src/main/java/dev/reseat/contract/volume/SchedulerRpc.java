package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.Map;
import java.util.Optional;

/** What Cinder's schedulers are told of a backend, as far as it is told by us. */
public final class SchedulerRpc {
    private static final String TOPIC = "cinder-scheduler";
    /** The first in which a cluster is named and the time is the sender's. */
    private static final RpcVersion VERSION = RpcVersion.of(3, 3);

    private SchedulerRpc() {}

    /**
     * All schedulers.
     *
     * @param exchange Cinder's {@code control_exchange}
     */
    public static Target target(String exchange) {
        return Target.of(exchange, TOPIC).atVersion(VERSION);
    }

    /**
     * {@code update_service_capabilities}, a fanout.
     *
     * @param serviceName {@code volume}
     * @param host {@code host@backend}
     * @param timestamp with six digits of a fraction, no others are read
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record UpdateServiceCapabilities(
            String serviceName, String host, Map<String, Object> capabilities, Optional<String> clusterName,
            String timestamp) {
        public static final String METHOD = "update_service_capabilities";
    }
}
