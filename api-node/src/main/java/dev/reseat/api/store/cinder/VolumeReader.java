package dev.reseat.api.store.cinder;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Reads volumes with what belongs to them, in four statements however many there are. */
final class VolumeReader {
    private static final String VOLUMES = """
            SELECT v.*, t.name AS volume_type_name
            FROM unnest(:ids) WITH ORDINALITY wanted (id, position)
            JOIN volumes v ON v.id = wanted.id AND NOT v.deleted
            LEFT JOIN volume_types t ON t.id = v.volume_type_id
            ORDER BY wanted.position
            """;

    /** Live ones only, in the order of the ids. */
    List<Volume> read(Transaction tx, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        Map<String, List<Attachment>> attachments = AttachmentTable.ofVolumes(tx, ids)
                .stream()
                .collect(Collectors.groupingBy(Attachment::volumeId));
        Map<String, Map<String, String>> metadata = pairs(tx, "volume_metadata", ids);
        Map<String, Map<String, String>> adminMetadata = pairs(tx, "volume_admin_metadata", ids);
        return tx.handle()
                .createQuery(VOLUMES)
                .bindArray("ids", String.class, ids)
                .map((result, context) -> {
                    Row row = new Row(result);
                    String id = row.text("id");
                    return volume(
                            row,
                            metadata.getOrDefault(id, Map.of()),
                            adminMetadata.getOrDefault(id, Map.of()),
                            attachments.getOrDefault(id, List.of()));
                })
                .list();
    }

    private static Map<String, Map<String, String>> pairs(Transaction tx, String table, List<String> ids) {
        Map<String, Map<String, String>> all = new HashMap<>();
        tx.handle()
                .createQuery("SELECT volume_id, key, COALESCE(value, '') AS value FROM " + table
                        + " WHERE volume_id = ANY(:ids) AND NOT deleted AND key IS NOT NULL ORDER BY id")
                .bindArray("ids", String.class, ids)
                .map((result, context) -> new Pair(new Row(result)))
                .forEach(pair -> all.computeIfAbsent(pair.volumeId, id -> new HashMap<>()).put(pair.key, pair.value));
        return all;
    }

    private static Volume volume(
            Row row, Map<String, String> metadata, Map<String, String> adminMetadata, List<Attachment> attachments)
            throws SQLException {
        return new Volume(
                row.text("id"),
                row.optionalText("user_id"),
                row.optionalText("project_id"),
                row.optionalText("host"),
                row.optionalText("cluster_name"),
                row.integer("size"),
                row.optionalText("availability_zone"),
                row.optionalText("status").orElse(""),
                row.optionalText("attach_status"),
                row.optionalText("migration_status"),
                row.optionalText("previous_status"),
                row.optionalText("display_name"),
                row.optionalText("display_description"),
                row.optionalText("volume_type_id"),
                row.optionalText("volume_type_name"),
                row.optionalText("snapshot_id"),
                row.optionalText("source_volid"),
                row.optionalText("consistencygroup_id"),
                row.optionalText("group_id"),
                row.optionalText("_name_id"),
                row.optionalText("provider_id"),
                row.optionalText("provider_location"),
                row.optionalText("provider_auth"),
                row.optionalText("encryption_key_id"),
                row.optionalText("replication_status"),
                row.optionalText("service_uuid"),
                row.bool("bootable"),
                row.bool("multiattach"),
                row.optionalBool("shared_targets"),
                row.optionalBool("use_quota").orElse(true),
                row.optionalTime("launched_at"),
                row.optionalTime("created_at"),
                row.optionalTime("updated_at"),
                metadata,
                adminMetadata,
                attachments);
    }

    private record Pair(String volumeId, String key, String value) {
        Pair(Row row) throws SQLException {
            this(row.text("volume_id"), row.text("key"), row.text("value"));
        }
    }
}
