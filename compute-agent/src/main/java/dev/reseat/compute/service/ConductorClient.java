package dev.reseat.compute.service;

import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.conductor.ConductorRpc.ObjectClassAction;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.object.VersionedObject;
import dev.reseat.runtime.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Asks for Nova's records as a nova-compute asks its conductor; an api-node answers the same questions on a topic of
 * ours. It is told the version we write, which every supported release knows: a conductor refuses one it does not know,
 * and takes a newer object of its own back to ours.
 */
public final class ConductorClient {
    private static final Set<String> NOT_FOUND = Set.of("VolumeBDMNotFound", "InstanceNotFound");

    private final PreparedCall conductor;

    /** @param conductor who is asked: an api-node, or Nova's conductor by who takes a nova-compute's place */
    public ConductorClient(RpcClient client, Target conductor) {
        this.conductor = client.prepare(conductor);
    }

    /**
     * The block device mapping of a volume in an instance; empty if Nova has none.
     *
     * @throws RpcException if there is no answer, or another failure in it
     */
    public Optional<BlockDeviceMappingObject> mapping(
            RequestContext context, String volumeId, String instanceUuid, Deadline deadline) {
        return find(context, "get_by_volume_and_instance", List.of(volumeId, instanceUuid), Map.of(),
                BlockDeviceMappingObject.class, deadline);
    }

    /**
     * The instance, without what belongs to it; empty if Nova has none.
     *
     * @throws RpcException if there is no answer, or another failure in it
     */
    public Optional<InstanceObject> instance(RequestContext context, String uuid, Deadline deadline) {
        return find(context, "get_by_uuid", List.of(uuid), Map.of("expected_attrs", List.of()), InstanceObject.class,
                deadline);
    }

    private <T> Optional<T> find(
            RequestContext context, String method, List<Object> args, Map<String, Object> kwargs, Class<T> type,
            Deadline deadline) {
        VersionedObject object = type.getAnnotation(VersionedObject.class);
        var action =
                new ObjectClassAction(object.name(), method, Map.of(object.name(), object.version()), args, kwargs);
        try {
            return Optional
                    .ofNullable(conductor.within(deadline).call(context, ObjectClassAction.METHOD, action, type));
        } catch (RpcException.RemoteFailure e) {
            if (NOT_FOUND.contains(e.type())) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
