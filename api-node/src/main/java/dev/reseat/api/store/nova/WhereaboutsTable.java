package dev.reseat.api.store.nova;

import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which instances Nova's rows connect with a volume, and on which hosts they are or may have been. Stateless. */
public final class WhereaboutsTable {
    /** Migrations that left nothing behind on the host they did not end on. */
    private static final String ENDED_WELL = "('completed', 'confirmed', 'reverted', 'done', 'cancelled')";

    @Inject
    public WhereaboutsTable() {}

    /** Every mapping of a volume that is not deleted, oldest first; also those of deleted instances. */
    public List<VolumeMapping> mappings(Transaction tx, String volumeId) {
        return mappings(tx, List.of(volumeId)).getOrDefault(volumeId, List.of());
    }

    /** The same of many volumes at once, by volume; those without any are not in it. */
    public Map<String, List<VolumeMapping>> mappings(Transaction tx, Collection<String> volumeIds) {
        Map<String, List<VolumeMapping>> bare = new HashMap<>();
        if (volumeIds.isEmpty()) {
            return bare;
        }
        tx.handle()
                .createQuery("""
                        SELECT volume_id, uuid, instance_uuid, attachment_id, device_name, connection_info
                        FROM block_device_mapping WHERE volume_id IN (<volumeIds>) AND deleted = 0 ORDER BY id
                        """)
                .bindList("volumeIds", List.copyOf(volumeIds))
                .map((result, context) -> Map.entry(result.getString("volume_id"), mapping(new Row(result))))
                .forEach(of -> bare.computeIfAbsent(of.getKey(), _ -> new ArrayList<>()).add(of.getValue()));
        Map<String, Whereabouts> instances = instances(
                tx, bare.values()
                        .stream()
                        .flatMap(List::stream)
                        .map(VolumeMapping::instanceUuid)
                        .collect(Collectors.toSet()))
                .stream()
                .collect(Collectors.toMap(Whereabouts::uuid, instance -> instance));
        bare.values().forEach(all -> all.replaceAll(one -> of(one, instances.get(one.instanceUuid()))));
        return bare;
    }

    /** Those of these instances that there are, deleted ones too. */
    public List<Whereabouts> instances(Transaction tx, Collection<String> uuids) {
        if (uuids.isEmpty()) {
            return List.of();
        }
        return tx.handle()
                .createQuery("""
                        SELECT i.uuid, i.host, i.vm_state, i.task_state, i.deleted, m.source_compute, m.dest_compute
                        FROM instances i LEFT JOIN migrations m ON m.instance_uuid = i.uuid
                            AND m.id = (SELECT max(newest.id) FROM migrations newest
                                        WHERE newest.instance_uuid = i.uuid AND newest.deleted = 0)
                            AND COALESCE(m.status, '') NOT IN %s
                        WHERE i.uuid IN (<uuids>) ORDER BY i.id
                        """.formatted(ENDED_WELL))
                .bindList("uuids", List.copyOf(uuids))
                .map((result, context) -> instance(new Row(result)))
                .list();
    }

    private static VolumeMapping mapping(Row row) throws SQLException {
        return new VolumeMapping(
                row.optionalText("uuid").orElse(""),
                row.optionalText("instance_uuid").orElse(""),
                row.optionalText("attachment_id"),
                row.optionalText("device_name"),
                row.optionalText("connection_info"),
                Optional.empty());
    }

    private static VolumeMapping of(VolumeMapping bare, Whereabouts instance) {
        return new VolumeMapping(
                bare.uuid(),
                bare.instanceUuid(),
                bare.attachmentId(),
                bare.deviceName(),
                bare.connectionInfo(),
                Optional.ofNullable(instance));
    }

    private static Whereabouts instance(Row row) throws SQLException {
        return new Whereabouts(
                row.text("uuid"),
                row.optionalText("host"),
                row.optionalText("vm_state"),
                row.optionalText("task_state"),
                row.integer("deleted") != 0,
                Stream.of(row.optionalText("source_compute"), row.optionalText("dest_compute"))
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList());
    }
}
