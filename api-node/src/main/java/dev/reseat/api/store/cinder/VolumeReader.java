package dev.reseat.api.store.cinder;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Reads volumes with what belongs to them, in two statements for a thousand of them. */
final class VolumeReader {
    private static final String VOLUMES = """
            SELECT v.*, t.name AS volume_type_name, %s
            FROM volumes v LEFT JOIN volume_types t ON t.id = v.volume_type_id
            LEFT JOIN volume_attachment a ON a.volume_id = v.id AND NOT a.deleted
            WHERE v.id IN (<ids>) AND NOT v.deleted
            ORDER BY a.created_at, a.id
            """.formatted(AttachmentTable.prefixed("a"));
    private static final String PAIRS = """
            SELECT false AS admin, id, volume_id, "key", COALESCE(value, '') AS value FROM volume_metadata
            WHERE volume_id IN (<ids>) AND NOT deleted AND "key" IS NOT NULL
            UNION ALL
            SELECT true, id, volume_id, "key", COALESCE(value, '') FROM volume_admin_metadata
            WHERE volume_id IN (<ids>) AND NOT deleted AND "key" IS NOT NULL
            ORDER BY id
            """;
    /** So many at a time: a statement cannot have any number of parameters. */
    private static final int AT_ONCE = 1000;

    /** Live ones only, in the order of the ids. */
    List<Volume> read(Transaction tx, List<String> ids) {
        List<Volume> volumes = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            volumes.addAll(some(tx, ids.subList(from, Math.min(ids.size(), from + AT_ONCE))));
        }
        return volumes;
    }

    private static List<Volume> some(Transaction tx, List<String> ids) {
        Map<String, Map<String, String>> metadata = new HashMap<>();
        Map<String, Map<String, String>> adminMetadata = new HashMap<>();
        pairs(tx, ids).forEach(pair -> (pair.admin ? adminMetadata : metadata)
                .computeIfAbsent(pair.volumeId, id -> new HashMap<>())
                .put(pair.key, pair.value));
        Map<String, Volume> bare = new HashMap<>();
        Map<String, List<Attachment>> attachments = new HashMap<>();
        tx.handle()
                .createQuery(VOLUMES)
                .bindList("ids", ids)
                .map((result, context) -> {
                    Row row = new Row(result);
                    String id = row.text("id");
                    if (!bare.containsKey(id)) {
                        bare.put(id, volume(
                                row, metadata.getOrDefault(id, Map.of()), adminMetadata.getOrDefault(id, Map.of())));
                    }
                    return AttachmentTable.prefixed("a", row);
                })
                .forEach(found -> found.ifPresent(one -> attachments
                        .computeIfAbsent(one.volumeId(), id -> new ArrayList<>())
                        .add(one)));
        return ids.stream()
                .map(bare::get)
                .filter(Objects::nonNull)
                .map(volume -> volume.with(attachments.getOrDefault(volume.id(), List.of())))
                .toList();
    }

    /** Of metadata and admin metadata, each in the order they were made. */
    private static List<Pair> pairs(Transaction tx, List<String> ids) {
        return tx.handle()
                .createQuery(PAIRS)
                .bindList("ids", ids)
                .map((result, context) -> new Pair(new Row(result)))
                .list();
    }

    private static Volume volume(
            Row row, Map<String, String> metadata, Map<String, String> adminMetadata) throws SQLException {
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
                List.of());
    }

    private record Pair(boolean admin, String volumeId, String key, String value) {
        Pair(Row row) throws SQLException {
            this(row.bool("admin"), row.text("volume_id"), row.text("key"), row.text("value"));
        }
    }
}
