package dev.reseat.api.remote;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.StartInstance;
import dev.reseat.contract.compute.StopInstance;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.conductor.ConductorRpc.ObjectClassAction;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Has a host's nova-compute stop and start instances, as Nova's API does: nobody else can. What it is sent is the
 * instance as Nova's own conductor tells it. Every method throws {@link RpcException}.
 */
public final class PowerClient {
    private static final RpcVersion FIRST = RpcVersion.of(5, 0);
    private static final RpcVersion SIX = RpcVersion.of(6, 0);
    private static final String INSTANCE = "Instance";
    /** Every supported release reads it. */
    private static final String INSTANCE_VERSION = "2.7";

    private final ComputeBrokers brokers;
    private final RemoteConfig config;
    private final ComputeVersions recorded;

    /** @param recorded what each nova-compute serves, so that it is not sent what it would refuse */
    public PowerClient(ComputeBrokers brokers, RemoteConfig config, ComputeVersions recorded) {
        this.brokers = brokers;
        this.config = config;
        this.recorded = recorded;
    }

    /** Whether the nova-compute of the host and a nova-conductor of its cell listen now. */
    public boolean isServed(String host) {
        Deadline deadline = Deadline.after(config.probeTimeout());
        return compute(host).isServed(deadline.remaining()) && conductor(host).isServed(deadline.remaining());
    }

    /**
     * As {@code openstack server stop}: the guest is asked to shut down first. Returns when the broker has it.
     *
     * @param within read later than that, it is not done
     * @throws RpcException.NotDelivered nothing was sent
     */
    public void stop(RequestContext context, String host, String uuid, Duration within) {
        compute(host).expiring(within)
                .cast(context, StopInstance.METHOD, new StopInstance(instance(context, host, uuid), true));
    }

    /** As {@code openstack server start}; otherwise as {@link #stop}. */
    public void start(RequestContext context, String host, String uuid, Duration within) {
        compute(host).expiring(within)
                .cast(context, StartInstance.METHOD, new StartInstance(instance(context, host, uuid)));
    }

    /** A question that is not answered has sent nothing. */
    private Map<String, Object> instance(RequestContext context, String host, String uuid) {
        Map<?, ?> told;
        try {
            told = conductor(host).call(
                    context, ObjectClassAction.METHOD,
                    new ObjectClassAction(
                            INSTANCE, "get_by_uuid", Map.of(INSTANCE, INSTANCE_VERSION), List.of(uuid), Map.of()),
                    Map.class);
        } catch (RpcException e) {
            throw new RpcException.NotDelivered("nova-conductor did not tell instance " + uuid, e);
        }
        Map<String, Object> instance = new LinkedHashMap<>();
        told.forEach((key, value) -> instance.put(String.valueOf(key), value));
        return instance;
    }

    private PreparedCall compute(String host) {
        PreparedCall any = brokers.of(host).prepare(ComputeRpc.host(config.computeExchange(), host));
        PreparedCall capped = config.computeCap().map(any::cappedAt).orElse(any);
        boolean six = recorded.of(host).map(version -> version.major() >= SIX.major()).orElse(true)
                && capped.canSend(SIX);
        return capped.atVersion(six ? SIX : FIRST);
    }

    private PreparedCall conductor(String host) {
        return brokers.of(host)
                .prepare(ConductorRpc.target(config.computeExchange()))
                .timeout(config.probeTimeout());
    }
}
