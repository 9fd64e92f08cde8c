package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.object.StoredObject;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a refresh would store what is stored already. That is said only where all of it is known: mapping and
 * attachment agree, the volume-manager would give the host just that, secrets included, and the host describes itself
 * as it did. Where anything is not known, or nobody can tell it, a refresh is needed: it settles that.
 */
final class RefreshNeed {
    static final String UNNEEDED =
            "what is stored is what block storage would give now, and the host is let in; nothing has been changed";
    private static final String DATA = "data";
    private static final String TYPE = "driver_volume_type";
    /** What a host notes in a mapping of how it has the volume. */
    private static final Set<String> NOTES = Set.of("device_path", "multipath_id");
    /** What of a host's description decides whom a backend lets in, and what it answers. */
    private static final Set<String> DECIDING = Set.of(
            "host", "ip", "initiator", "multipath", "enforce_multipath", "nqn", "nvme_hostid", "wwpns", "wwnns");

    private final VolumeClient backends;
    private final ComputeClient computes;

    @Inject
    RefreshNeed(VolumeClient backends, ComputeClient computes) {
        this.backends = backends;
        this.computes = computes;
    }

    /**
     * Rows first; backend and host are asked only where these leave it open.
     *
     * @param given the host's connector, if the caller brings it
     * @return why it would change nothing; empty where it is needed
     */
    Optional<String> unneeded(
            RequestContext context, BlockDevice device, Instance instance, Volume volume,
            Optional<Map<String, Object>> given, Deadline repair) {
        boolean same = attachment(device, instance, volume)
                .filter(attachment -> agrees(device, attachment))
                .filter(attachment -> gives(context, volume, attachment, computes.probing(repair)))
                .filter(attachment -> describes(context, instance, attachment, given, repair))
                .isPresent();
        return same ? Optional.of(UNNEEDED) : Optional.empty();
    }

    /** The one that the mapping names, whole, and of the instance's host; there must be no other of the instance. */
    private static Optional<Attachment> attachment(BlockDevice device, Instance instance, Volume volume) {
        List<Attachment> own = volume.attachments()
                .stream()
                .filter(attachment -> attachment.instanceUuid().equals(Optional.of(instance.uuid())))
                .toList();
        return own.size() == 1
                ? own.stream()
                        .filter(attachment -> device.attachmentId().equals(Optional.of(attachment.id())))
                        .filter(attachment -> attachment.status().equals("attached"))
                        .filter(attachment -> CinderObjects.host(attachment).equals(instance.host()))
                        .findFirst()
                : Optional.empty();
    }

    private static boolean agrees(BlockDevice device, Attachment attachment) {
        Optional<Map<String, Object>> mapped = device.connectionInfo().flatMap(StoredConnectionInfo::way);
        Optional<Map<String, Object>> attached = StoredConnectionInfo.way(attachment);
        if (mapped.isEmpty() || attached.isEmpty()) {
            return false;
        }
        Map<String, Object> notes = new HashMap<>(data(mapped.get()));
        notes.keySet().removeAll(data(attached.get()).keySet());
        Map<String, Object> rest = new HashMap<>(data(mapped.get()));
        rest.keySet().removeAll(notes.keySet());
        return NOTES.containsAll(notes.keySet())
                && Objects.equals(mapped.get().get(TYPE), attached.get().get(TYPE))
                && rest.equals(data(attached.get()));
    }

    private boolean gives(RequestContext context, Volume volume, Attachment attachment, Deadline deadline) {
        try {
            return backends.showConnection(context, volume, attachment.id(),
                    deadline) instanceof Performed.Done<ShowConnection.Result>(_, ShowConnection.Result shown)
                    && shown.connectionInfo()
                            .flatMap(info -> StoredConnectionInfo.way(JsonText.of(info)))
                            .filter(now -> isStored(now, attachment))
                            .isPresent();
        } catch (RpcException unknown) {
            return false; // nobody can tell: the refresh asks them again, for what it needs of them
        }
    }

    private static boolean isStored(Map<String, Object> now, Attachment attachment) {
        return StoredConnectionInfo.way(attachment)
                .filter(stored -> Objects.equals(stored.get(TYPE), now.get(TYPE)) && data(stored).equals(data(now)))
                .isPresent();
    }

    private boolean describes(
            RequestContext context, Instance instance, Attachment attachment, Optional<Map<String, Object>> given,
            Deadline repair) {
        Optional<Map<String, Object>> stored = attachment.connector().flatMap(text -> StoredObject.of(text).intact());
        return stored.isPresent() && given.or(() -> connector(context, instance, repair))
                .filter(connector -> deciding(connector).equals(deciding(stored.get())))
                .isPresent();
    }

    private Optional<Map<String, Object>> connector(RequestContext context, Instance instance, Deadline repair) {
        try {
            return computes.connector(context, instance.host().orElse("-"),
                    repair) instanceof Performed.Done<Map<String, Object>>(_, Map<String, Object> answer)
                            ? Optional.of(answer)
                            : Optional.empty();
        } catch (RpcException unknown) {
            return Optional.empty();
        }
    }

    /** What is null or false is as if it was left out. */
    private static Map<String, Object> deciding(Map<String, Object> connector) {
        Map<String, Object> deciding = new HashMap<>(connector);
        deciding.keySet().retainAll(DECIDING);
        deciding.values().removeIf(value -> value == null || value.equals(false));
        return deciding;
    }

    /** Without what is null. */
    private static Map<String, Object> data(Map<String, Object> way) {
        Map<String, Object> data = new HashMap<>();
        if (way.get(DATA) instanceof Map<?, ?> all) {
            all.forEach((key, value) -> {
                if (value != null) {
                    data.put(String.valueOf(key), value);
                }
            });
        }
        return data;
    }
}
