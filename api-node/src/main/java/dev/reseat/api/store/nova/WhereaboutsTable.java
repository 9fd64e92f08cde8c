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
        List<VolumeMapping> bare = tx.handle()
                .createQuery("""
                        SELECT uuid, instance_uuid, attachment_id, device_name, connection_info
                        FROM block_device_mapping WHERE volume_id = :volumeId AND deleted = 0 ORDER BY id
                        """)
                .bind("volumeId", volumeId)
                .map((result, context) -> mapping(new Row(result)))
                .list();
        Map<String, Whereabouts> instances = instances(
                tx, bare.stream().map(VolumeMapping::instanceUuid).collect(Collectors.toSet()))
                .stream()
                .collect(Collectors.toMap(Whereabouts::uuid, instance -> instance));
        return bare.stream().map(mapping -> of(mapping, instances.get(mapping.instanceUuid()))).toList();
    }

    /** Those of these instances that there are, deleted ones too. */
    public List<Whereabouts> instances(Transaction tx, Collection<String> uuids) {
        if (uuids.isEmpty()) {
            return List.of();
        }
        Map<String, List<String>> migrated = migrations(tx, uuids);
        return tx.handle()
                .createQuery("""
                        SELECT uuid, host, vm_state, task_state, deleted FROM instances
                        WHERE uuid = ANY(:uuids) ORDER BY id
                        """)
                .bindArray("uuids", String.class, uuids)
                .map((result, context) -> instance(new Row(result), migrated))
                .list();
    }

    private static Map<String, List<String>> migrations(Transaction tx, Collection<String> uuids) {
        Map<String, List<String>> hosts = new HashMap<>();
        tx.handle()
                .createQuery("""
                        SELECT instance_uuid, source_compute, dest_compute FROM migrations
                        WHERE id IN (SELECT max(id) FROM migrations
                                     WHERE instance_uuid = ANY(:uuids) AND deleted = 0 GROUP BY instance_uuid)
                          AND COALESCE(status, '') NOT IN
                        """ + ENDED_WELL)
                .bindArray("uuids", String.class, uuids)
                .map((result, context) -> {
                    Row row = new Row(result);
                    return Map.entry(
                            row.text("instance_uuid"),
                            ends(row.optionalText("source_compute"), row.optionalText("dest_compute")));
                })
                .forEach(ends -> hosts.put(ends.getKey(), ends.getValue()));
        return hosts;
    }

    private static List<String> ends(Optional<String> source, Optional<String> destination) {
        return new ArrayList<>(Stream.of(source, destination).flatMap(Optional::stream).distinct().toList());
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

    private static Whereabouts instance(Row row, Map<String, List<String>> migrated) throws SQLException {
        String uuid = row.text("uuid");
        return new Whereabouts(
                uuid,
                row.optionalText("host"),
                row.optionalText("vm_state"),
                row.optionalText("task_state"),
                row.integer("deleted") != 0,
                migrated.getOrDefault(uuid, List.of()));
    }
}
