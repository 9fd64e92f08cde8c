package dev.reseat.compute.endpoint;

import dev.reseat.compute.service.HostInspector;
import dev.reseat.compute.service.RemovalFailed;
import dev.reseat.compute.service.VolumeDetacher;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nova's compute RPC as far as volumes go, 6.x and 5.x; the services' own {@code baseapi}; and namespace reseat. */
public final class ComputeEndpoint {
    private final VolumeDetacher volumes;
    private final HostInspector host;

    @Inject
    ComputeEndpoint(VolumeDetacher volumes, HostInspector host) {
        this.volumes = volumes;
        this.host = host;
    }

    /** {@code ping} of {@code nova.baserpc}. */
    record Ping(Object arg) {}

    /** As 5.x has it: without {@code delete_attachment}. */
    record RemoveVolumeConnection5(InstanceObject instance, String volumeId) {
        RemoveVolumeConnection5 {
            if (instance == null || volumeId == null) {
                throw new IllegalArgumentException("instance and volume_id are needed");
            }
        }
    }

    /** Served by each of the agent's servers. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.inDefaultNamespace(ComputeRpc.VERSION.major(), ComputeRpc.VERSION.minor())
                        .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class,
                                (context, args) -> remove(context, args.instance(), args.volumeId(),
                                        args.deleteAttachment().orElse(false)))
                        .build(),
                Endpoint.inDefaultNamespace(ComputeRpc.OLD_VERSION.major(), ComputeRpc.OLD_VERSION.minor())
                        .method(RemoveVolumeConnection.METHOD, RemoveVolumeConnection5.class,
                                (context, args) -> remove(context, args.instance(), args.volumeId(), false))
                        .build(),
                Endpoint.of(ComputeRpc.BASE_NAMESPACE, 1, 1)
                        .method("ping", Ping.class, (_, args) -> pong(args))
                        .build(),
                Endpoint.of(ComputeRpc.NAMESPACE, ComputeRpc.NAMESPACE_VERSION.major(),
                        ComputeRpc.NAMESPACE_VERSION.minor())
                        .method(GetVolumeConnector.METHOD, GetVolumeConnector.class, (_, _) -> host.connector())
                        .method(InspectVolume.METHOD, InspectVolume.class, (_, args) -> host.inspect(args))
                        .build());
    }

    private Object remove(RequestContext context, InstanceObject instance, String volumeId, boolean deleteAttachment) {
        try {
            volumes.remove(context, instance, volumeId, deleteAttachment);
            return null;
        } catch (RemovalFailed e) {
            throw new EndpointFailure(Failures.named(e), e);
        } catch (RpcException.OutcomeUnknown | RpcException.NotDelivered e) {
            throw new EndpointFailure(Failures.conductorSilent(e), e);
        }
    }

    private static Map<String, Object> pong(Ping ping) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("service", ComputeRpc.TOPIC);
        answer.put("arg", ping.arg());
        return answer;
    }
}
