package dev.reseat.api.remote;

import dev.reseat.api.model.Instance;
import dev.reseat.api.object.NovaObjects;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The compute service of one host. Every method throws {@link RpcException}. */
public final class ComputeClient {
    private static final RpcVersion WITHOUT_DELETE = RpcVersion.of(6, 0);
    private static final RpcVersion BEFORE_SIX = RpcVersion.of(5, 0);

    private final RpcClient rpc;
    private final RemoteConfig config;

    public ComputeClient(RpcClient rpc, RemoteConfig config) {
        this.rpc = rpc;
        this.config = config;
    }

    /** How the host presents itself to storage backends. */
    public Map<String, Object> connector(RequestContext context, String host) {
        Map<?, ?> answer = ours(host)
                .timeout(config.probeTimeout())
                .call(context, GetVolumeConnector.METHOD, new GetVolumeConnector(), Map.class);
        Map<String, Object> connector = new LinkedHashMap<>();
        answer.forEach((key, value) -> connector.put(String.valueOf(key), value));
        return connector;
    }

    /** What the host sees of a volume. Changes nothing. */
    public InspectVolume.Result inspect(RequestContext context, String host, InspectVolume question) {
        return ours(host)
                .timeout(config.probeTimeout())
                .call(context, InspectVolume.METHOD, question, InspectVolume.Result.class);
    }

    /**
     * Takes the volume out of the guest and off the host, and has the host delete the attachment if it can. Repeatable.
     *
     * @return whether the host was asked to delete the attachment; a release before 6.3 cannot be, nor one that is
     *     capped below it
     */
    public boolean removeVolumeConnection(RequestContext context, Instance instance, String volumeId) {
        String host = instance.host()
                .orElseThrow(() -> new RpcException.NotDelivered("instance " + instance.uuid() + " is on no host"));
        PreparedCall uncapped =
                rpc.prepare(ComputeRpc.host(config.computeExchange(), host)).timeout(config.driverTimeout());
        PreparedCall compute = config.computeCap().map(uncapped::cappedAt).orElse(uncapped);
        var object = NovaObjects.instance(instance);
        if (deletesAttachment(context, compute, new RemoveVolumeConnection(object, volumeId, Optional.of(true)))) {
            return true;
        }
        compute.atVersion(compute.canSend(WITHOUT_DELETE) ? WITHOUT_DELETE : BEFORE_SIX)
                .call(
                        context,
                        RemoveVolumeConnection.METHOD,
                        new RemoveVolumeConnection(object, volumeId, Optional.empty()),
                        Void.class);
        return false;
    }

    /** @return false if the host cannot be asked, and has done nothing */
    private static boolean deletesAttachment(
            RequestContext context, PreparedCall compute, RemoveVolumeConnection args) {
        if (!compute.canSend(ComputeRpc.DELETES_ATTACHMENT)) {
            return false;
        }
        try {
            compute.atVersion(ComputeRpc.DELETES_ATTACHMENT)
                    .call(context, RemoveVolumeConnection.METHOD, args, Void.class);
            return true;
        } catch (RpcException.RemoteFailure e) {
            if (e.notOffered()) {
                return false;
            }
            throw e;
        }
    }

    private PreparedCall ours(String host) {
        return rpc.prepare(ComputeRpc.host(config.computeExchange(), host))
                .inNamespace(ComputeRpc.NAMESPACE)
                .atVersion(ComputeRpc.NAMESPACE_VERSION);
    }
}
