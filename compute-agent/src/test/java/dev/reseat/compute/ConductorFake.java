package dev.reseat.compute;

import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.conductor.ConductorRpc.ObjectClassAction;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Answers object queries in Nova's form from what it was told. */
final class ConductorFake {
    private final Map<List<Object>, Map<String, Object>> mappings = new ConcurrentHashMap<>();
    private final Map<Object, Map<String, Object>> instances = new ConcurrentHashMap<>();
    private volatile Optional<EndpointFailure> refusal = Optional.empty();

    /** From now on every query fails so. */
    void failWith(String type, String message) {
        refusal = Optional.of(failure(type, message));
    }

    void map(String volumeId, String instanceUuid, String attachmentId, String connectionInfo) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", 8);
        data.put("uuid", "b1b1b1b1-0000-4000-8000-000000000008");
        data.put("instance_uuid", instanceUuid);
        data.put("volume_id", volumeId);
        data.put("device_name", "/dev/vdb");
        data.put("attachment_id", attachmentId);
        data.put("connection_info", connectionInfo);
        data.put("delete_on_termination", false);
        data.put("deleted", false);
        mappings.put(List.of(volumeId, instanceUuid), object("BlockDeviceMapping", "1.20", data));
    }

    void unmap(String volumeId, String instanceUuid) {
        mappings.remove(List.of(volumeId, instanceUuid));
    }

    void instance(String uuid, Map<String, Object> object) {
        instances.put(uuid, object);
    }

    Endpoint endpoint() {
        return Endpoint.inDefaultNamespace(ConductorRpc.VERSION.major(), ConductorRpc.VERSION.minor())
                .method(ObjectClassAction.METHOD, ObjectClassAction.class, (_, action) -> answer(action))
                .build();
    }

    private Object answer(ObjectClassAction action) {
        refusal.ifPresent(failure -> {
            throw failure;
        });
        if (!action.objectVersions().containsKey(action.objname())) {
            throw failure("KeyError", "'" + action.objname() + "'");
        }
        return switch (action.objname() + "." + action.objmethod()) {
            case "BlockDeviceMapping.get_by_volume_and_instance" -> found(
                    mappings.get(action.args()), "VolumeBDMNotFound",
                    "No volume Block Device Mapping with id " + action.args().getFirst() + ".");
            case "Instance.get_by_uuid" -> found(
                    instances.get(action.args().getFirst()), "InstanceNotFound",
                    "Instance " + action.args().getFirst() + " could not be found.");
            default -> throw failure("ObjectActionError", "no such method");
        };
    }

    private static Object found(Map<String, Object> object, String otherwise, String message) {
        if (object == null) {
            throw failure(otherwise, message);
        }
        return object;
    }

    private static EndpointFailure failure(String type, String message) {
        return new EndpointFailure(Failure.of("nova.exception", type, message));
    }

    private static Map<String, Object> object(String name, String version, Map<String, Object> data) {
        return Map.of("nova_object.name", name, "nova_object.namespace", "nova", "nova_object.version", version,
                "nova_object.data", data);
    }
}
