package dev.reseat.api.store;

import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Rows as they are, of what a diagnosis of some volumes rests on: these columns and no others, texts as the database
 * writes them, NULL left out. Connectors and connection_info come with their secrets. Stateless.
 */
public final class CaptureReader {
    private static final Map<String, List<String>> CINDER = Map.of(
            "volumes", List.of("id", "host", "cluster_name", "status", "attach_status", "migration_status",
                    "multiattach", "_name_id", "display_name", "project_id", "deleted"),
            "volume_attachment", List.of("id", "volume_id", "instance_uuid", "attached_host", "mountpoint",
                    "attach_mode", "attach_status", "attach_time", "detach_time", "connector", "connection_info",
                    "created_at", "updated_at", "deleted_at", "deleted"),
            "services", List.of("host", "cluster_name", "binary", "created_at", "updated_at", "deleted"));
    private static final Map<String, List<String>> NOVA = Map.of(
            "block_device_mapping", List.of("id", "uuid", "instance_uuid", "volume_id", "attachment_id",
                    "connection_info", "device_name", "boot_index", "deleted"),
            "instances", List.of("uuid", "host", "vm_state", "task_state", "deleted"),
            "migrations", List.of("id", "instance_uuid", "status", "source_compute", "dest_compute", "deleted"),
            "services", List.of("host", "binary", "created_at", "updated_at", "last_seen_up", "forced_down",
                    "deleted"));

    @Inject
    public CaptureReader() {}

    /** Every column that is kept, of each of Cinder's tables. */
    public static Map<String, List<String>> cinderColumns() {
        return CINDER;
    }

    /** The same of Nova's. */
    public static Map<String, List<String>> novaColumns() {
        return NOVA;
    }

    /** Cinder's rows of these volumes, deleted attachments too, and of all services. */
    public Map<String, List<Map<String, String>>> cinder(Transaction tx, Collection<String> volumes) {
        return Map.of(
                "volumes", rows(tx, CINDER, "volumes", "id", volumes),
                "volume_attachment", rows(tx, CINDER, "volume_attachment", "volume_id", volumes),
                "services", all(tx, CINDER, "services"));
    }

    /** Nova's rows of these volumes and of all servers that have them mapped or that are named, and of all services. */
    public Map<String, List<Map<String, String>>> nova(
            Transaction tx, Collection<String> volumes, Collection<String> servers) {
        List<Map<String, String>> mappings = rows(tx, NOVA, "block_device_mapping", "volume_id", volumes);
        Set<String> named = new TreeSet<>(servers);
        mappings.stream().map(row -> row.get("instance_uuid")).filter(Objects::nonNull).forEach(named::add);
        return Map.of(
                "block_device_mapping", mappings,
                "instances", rows(tx, NOVA, "instances", "uuid", named),
                "migrations", rows(tx, NOVA, "migrations", "instance_uuid", named),
                "services", all(tx, NOVA, "services"));
    }

    private static List<Map<String, String>> rows(
            Transaction tx, Map<String, List<String>> columns, String table, String by, Collection<String> values) {
        if (values.isEmpty()) {
            return List.of();
        }
        return tx.handle()
                .createQuery("SELECT * FROM " + table + " WHERE " + by + " IN (<values>)")
                .bindList("values", List.copyOf(values))
                .mapToMap()
                .stream()
                .map(row -> kept(row, columns.get(table)))
                .collect(Collectors.toList());
    }

    private static List<Map<String, String>> all(Transaction tx, Map<String, List<String>> columns, String table) {
        return tx.handle()
                .createQuery("SELECT * FROM " + table)
                .mapToMap()
                .stream()
                .map(row -> kept(row, columns.get(table)))
                .collect(Collectors.toList());
    }

    private static Map<String, String> kept(Map<String, Object> row, List<String> columns) {
        Map<String, String> kept = new LinkedHashMap<>();
        Map<String, Object> named = new HashMap<>();
        row.forEach((name, value) -> named.put(name.toLowerCase(Locale.ROOT), value));
        for (String column : columns) {
            Object value = named.get(column);
            if (value != null) {
                kept.put(column, value.toString());
            }
        }
        return kept;
    }
}
