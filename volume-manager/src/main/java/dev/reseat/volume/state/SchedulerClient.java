package dev.reseat.volume.state;

import dev.reseat.contract.volume.SchedulerRpc;
import dev.reseat.contract.volume.SchedulerRpc.UpdateServiceCapabilities;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import java.time.Duration;

/** Tells Cinder's schedulers of a backend; there need not be any. Thread-safe. */
public final class SchedulerClient {
    private final PreparedCall all;

    /** @param timeout how long the broker is waited for */
    public SchedulerClient(RpcClient client, String exchange, Duration timeout) {
        this.all = client.prepare(SchedulerRpc.target(exchange)).timeout(timeout);
    }

    /** @throws StateException.Unavailable if the broker has not taken it */
    public void publish(UpdateServiceCapabilities capabilities) {
        try {
            all.fanout(RequestContext.admin(), UpdateServiceCapabilities.METHOD, capabilities);
        } catch (RpcException.NotDelivered | RpcException.OutcomeUnknown e) {
            throw new StateException.Unavailable("the schedulers cannot be told: " + e.getMessage(), e);
        }
    }
}
