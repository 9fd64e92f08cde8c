package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.NovaObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.conductor.ConductorRpc.ObjectAction;
import dev.reseat.contract.conductor.ConductorRpc.ObjectBackport;
import dev.reseat.contract.conductor.ConductorRpc.ObjectClassAction;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The part of Nova's conductor that agents need: block device mappings and instances by query. Queries only; the
 * database is not changed from here. Agents ask on {@code reseat-api}; topic {@code conductor} is served only in place
 * of a nova-conductor.
 */
public final class ConductorEndpoint {
    private static final String NOVA = "nova.exception";

    private final Database database;
    private final Cells cells;
    private final BlockDeviceTable devices;
    private final InstanceTable instances;
    private final JournalTable journal;
    private final AttachmentTable attachments;
    private final VolumeTable volumes;

    @Inject
    public ConductorEndpoint(
            Database database,
            Cells cells,
            BlockDeviceTable devices,
            InstanceTable instances,
            JournalTable journal,
            AttachmentTable attachments,
            VolumeTable volumes) {
        this.attachments = attachments;
        this.volumes = volumes;
        this.database = database;
        this.cells = cells;
        this.devices = devices;
        this.instances = instances;
        this.journal = journal;
    }

    /** The queries alone. */
    public Endpoint queries() {
        return Endpoint.inDefaultNamespace(ConductorRpc.VERSION.major(), ConductorRpc.VERSION.minor())
                .method(ObjectClassAction.METHOD, ObjectClassAction.class, checking(this::classAction))
                .method(ObjectAction.METHOD, ObjectAction.class, checking(this::action))
                .method(ObjectBackport.METHOD, ObjectBackport.class, checking(this::backport))
                .build();
    }

    /** All that a conductor is asked for. */
    public List<Endpoint> endpoints() {
        return List.of(
                queries(),
                Endpoint.of(ConductorRpc.BASE_NAMESPACE, 1, 1)
                        .method(ConductorRpc.Ping.METHOD, ConductorRpc.Ping.class, checking(ConductorEndpoint::ping))
                        .build());
    }

    private static Object ping(RequestContext context, ConductorRpc.Ping args) {
        return Map.of("service", ConductorRpc.TOPIC, "arg", given(args.arg(), "arg"));
    }

    private Object classAction(RequestContext context, ObjectClassAction action) {
        return switch (action.objname() + "." + action.objmethod()) {
            case "BlockDeviceMapping.get_by_volume_and_instance" ->
                byVolumeAndInstance(text(action, 0, "volume_id"), text(action, 1, "instance_uuid"));
            case "BlockDeviceMapping.get_by_volume" -> byVolume(text(action, 0, "volume_id"));
            case "BlockDeviceMappingList.get_by_instance_uuid" -> ofInstance(text(action, 0, "instance_uuid"));
            case "Instance.get_by_uuid" -> instance(text(action, 0, "uuid"));
            default -> throw unsupported(action.objname(), action.objmethod());
        };
    }

    /** Agents only read through us: there is nothing of an object that they may change here. */
    private Object action(RequestContext context, ObjectAction action) {
        Object name = Optional.ofNullable(given(action.objinst(), "objinst").get("nova_object.name")).orElse("object");
        throw unsupported(String.valueOf(name), action.objmethod());
    }

    private Object backport(RequestContext context, ObjectBackport backport) {
        Object name =
                Optional.ofNullable(given(backport.objinst(), "objinst").get("nova_object.name")).orElse("object");
        throw unsupported(String.valueOf(name), "obj_backport");
    }

    private Object byVolumeAndInstance(String volumeId, String instanceUuid) {
        List<BlockDevice> found = ofCell(instanceUuid, tx -> devices.find(tx, instanceUuid, volumeId));
        return switch (found.size()) {
            case 0 -> throw noMapping(volumeId);
            case 1 -> mapping(found.getFirst());
            default -> mapping(chosen(volumeId, instanceUuid, found));
        };
    }

    /** Of several mappings of one volume in one instance, the one that is being refreshed; never just the first. */
    private BlockDevice chosen(String volumeId, String instanceUuid, List<BlockDevice> found) {
        Optional<String> mapping = database.cinder().transaction(tx -> journal.mappingUnderRepair(tx, volumeId));
        return found.stream()
                .filter(device -> mapping.equals(Optional.of(device.uuid())))
                .findFirst()
                .orElseThrow(() -> failure(
                        "InvalidBDM",
                        "Volume " + volumeId + " has several block device mappings in instance " + instanceUuid + ": "
                                + found.stream().map(BlockDevice::uuid).toList(),
                        Map.of()));
    }

    /** With a connection_info that the agent can let go by, also where the stored one is damaged. */
    private Object mapping(BlockDevice device) {
        return NovaObjects.blockDevice(device, StoredConnectionInfo.toDisconnect(device, () -> attachment(device)));
    }

    private Optional<Attachment> attachment(BlockDevice device) {
        return database.cinder()
                .transaction(tx -> device.attachmentId().isPresent()
                        ? attachments.findEvenDeleted(tx, device.attachmentId().get())
                        : attachments.ofVolume(tx, device.volumeId().orElseThrow())
                                .stream()
                                .filter(found -> found.instanceUuid().equals(Optional.of(device.instanceUuid())))
                                .findFirst());
    }

    private Object byVolume(String volumeId) {
        Answers<List<BlockDevice>> answers = cells.everywhere(tx -> devices.ofVolume(tx, volumeId));
        if (!answers.silent().isEmpty()) {
            requireUnconcerned(answers.silent(), volumeId);
        }
        List<BlockDevice> found = answers.given().stream().flatMap(List::stream).toList();
        return switch (found.size()) {
            case 0 -> throw noMapping(volumeId);
            case 1 -> mapping(found.getFirst());
            default -> throw failure(
                    "VolumeBDMIsMultiAttach",
                    "Block Device Mapping " + volumeId
                            + " is a multi-attach volume and is not valid for this operation.",
                    Map.of("volume_id", volumeId));
        };
    }

    /** Whoever has not answered has nothing of it, by the rows that say who may. */
    private void requireUnconcerned(List<Answers.Silent> silent, String volumeId) {
        Optional<Volume> volume = database.cinder().transaction(tx -> volumes.find(tx, volumeId));
        cells.possible(silent, volume.flatMap(Volume::projectId)).stream().findFirst().ifPresent(one -> {
            throw one.failure();
        });
    }

    private Object ofInstance(String instanceUuid) {
        return NovaObjects.blockDevices(ofCell(instanceUuid, tx -> devices.ofInstance(tx, instanceUuid)));
    }

    /** By the rows of the cell that an instance is in. */
    private <T> List<T> ofCell(String instanceUuid, Function<Transaction, List<T>> work) {
        return cells.ofInstance(instanceUuid).map(cell -> cell.transaction(work)).orElse(List.of());
    }

    private Object instance(String uuid) {
        return cells.ofInstance(uuid)
                .flatMap(cell -> cell.transaction(tx -> instances.find(tx, uuid)))
                .map(NovaObjects::instance)
                .orElseThrow(() -> failure(
                        "InstanceNotFound", "Instance " + uuid + " could not be found.", Map.of("instance_id", uuid)));
    }

    private static String text(ObjectClassAction action, int position, String name) {
        Object value = action.args().size() > position ? action.args().get(position) : action.kwargs().get(name);
        if (value instanceof String text) {
            return text;
        }
        throw new EndpointFailure(Failure.of(
                "builtins", "TypeError",
                action.objmethod() + "() missing 1 required positional argument: '" + name + "'"));
    }

    private static EndpointFailure noMapping(String volumeId) {
        return failure("VolumeBDMNotFound", "No volume Block Device Mapping with id " + volumeId + ".",
                Map.of("volume_id", volumeId));
    }

    private static EndpointFailure failure(String type, String message, Map<String, Object> kwargs) {
        return new EndpointFailure(new Failure(type, NOVA, message, List.of(message), kwargs));
    }

    private static EndpointFailure unsupported(String object, String method) {
        return new EndpointFailure(Failure.of(
                "oslo_versionedobjects.exception",
                "UnsupportedObjectError",
                "Unsupported object type " + object + " or method " + method));
    }
}
