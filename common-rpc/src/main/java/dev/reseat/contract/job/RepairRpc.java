package dev.reseat.contract.job;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;

/**
 * The work queue of bulk repairs, which all api-nodes share. A message only says that there is something to do: what,
 * stands in the database. So it does no harm if it is lost, or comes twice.
 */
public final class RepairRpc {
    public static final String TOPIC = "reseat-repair";
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion VERSION = RpcVersion.of(1, 0);

    private RepairRpc() {}

    public static Target target() {
        return Target.of(OwnExchange.NAME, TOPIC).inNamespace(NAMESPACE).atVersion(VERSION);
    }

    /** {@code job_ready}, a cast: items of that job may begin. */
    public record JobReady(String jobId) {
        public static final String METHOD = "job_ready";
    }
}
