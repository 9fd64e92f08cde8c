package dev.reseat.api.remote;

import dev.reseat.contract.job.RepairRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.client.RpcClient;
import java.time.Duration;
import java.util.UUID;

/** The work queue of bulk repairs, which wakes the api-nodes up. */
public final class RepairQueue {
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final RpcClient client;

    public RepairQueue(RpcClient client) {
        this.client = client;
    }

    /**
     * Says so many times that items of a job may begin: each time to one of the api-nodes.
     *
     * @throws dev.reseat.rpc.RpcException if the broker has not taken all of it; the nodes find the work by looking
     */
    public void ready(RequestContext context, UUID job, int times) {
        var queue = client.prepare(RepairRpc.target()).timeout(WITHIN);
        for (int i = 0; i < times; i++) {
            queue.cast(context, RepairRpc.JobReady.METHOD, new RepairRpc.JobReady(job.toString()));
        }
    }
}
