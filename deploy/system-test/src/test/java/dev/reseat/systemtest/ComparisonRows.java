package dev.reseat.systemtest;

import dev.reseat.testing.CloudFixture;
import java.time.LocalDateTime;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Rows of Cinder's of every kind, which both APIs read: volumes in all states, with and without what they can have. */
final class ComparisonRows {
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 2, 3, 4, 5);
    private static final String ELSEWHERE = "elsewhere@files#pool";

    private final OpenStackDatabases databases;
    private final Map<String, String> words = new LinkedHashMap<>();
    private int made;

    private ComparisonRows(OpenStackDatabases databases) {
        this.databases = databases;
    }

    /** Writes them. @return ids by the words of the requests */
    static Map<String, String> write(OpenStackDatabases databases) {
        ComparisonRows rows = new ComparisonRows(databases);
        rows.write();
        return rows.words;
    }

    /** Takes them away again. */
    static void remove(OpenStackDatabases databases, Map<String, String> words) {
        List<String> ids = List.copyOf(words.values());
        databases.sql("cinder").useTransaction(cinder -> {
            for (String table : List.of(
                    "volume_metadata", "volume_admin_metadata", "volume_glance_metadata", "volume_attachment")) {
                cinder.createUpdate("DELETE FROM " + table + " WHERE volume_id IN (<ids>)")
                        .bindList("ids", ids)
                        .execute();
            }
            cinder.createUpdate("DELETE FROM volumes WHERE id IN (<ids>)").bindList("ids", ids).execute();
            cinder.execute("DELETE FROM services WHERE host IN ('elsewhere', 'elsewhere@files')");
        });
    }

    private void write() {
        words.put("another", "0123456789abcdef0123456789abcdef");
        words.put("server", id());
        words.put("server2", id());
        databases.sql("cinder").useTransaction(cinder -> {
            words.put("type", cinder.select("SELECT id FROM volume_types WHERE name = '__DEFAULT__'")
                    .mapTo(String.class)
                    .one());
            services(cinder);
            named(cinder);
            odd(cinder);
            attachments(cinder);
            metadata(cinder);
        });
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private static void services(Handle cinder) {
        for (String[] service : new String[][]{{"cinder-volume", "elsewhere@files"}, {"cinder-backup", "elsewhere"}}) {
            insert(cinder, "services", Map.of(
                    "binary", service[0], "host", service[1], "topic", service[0], "report_count", 5, "disabled",
                    false, "availability_zone", "nova", "created_at", TIME, "updated_at", TIME.plusHours(1),
                    "deleted", false, "uuid", id()));
        }
    }

    private void named(Handle cinder) {
        volume(cinder, "alpha", Map.of(
                "display_name", "alpha", "status", "available", "size", 1, "bootable", true, "updated_at", TIME));
        volume(cinder, "beta", Map.of(
                "display_name", "beta", "status", "in-use", "attach_status", "attached", "size", 2, "multiattach",
                true, "updated_at", TIME.plusSeconds(9)));
        volume(cinder, "beta2", Map.of(
                "display_name", "beta", "status", "error", "size", 3, "migration_status", "error",
                "display_description", "Not 100% of it"));
        volume(cinder, "nameless", Map.of(
                "status", "detaching", "attach_status", "attached", "size", 1, "display_description", "a_b"));
        volume(cinder, "reserved", Map.of("display_name", "al_ha%", "status", "reserved", "size", 2));
        volume(cinder, "target", Map.of(
                "display_name", "None", "status", "creating", "size", 1, "migration_status",
                "target:" + words.get("alpha"), "source_volid", words.get("alpha")));
    }

    private void odd(Handle cinder) {
        volume(cinder, "encrypted", Map.of(
                "display_name", "\"quoted\"", "status", "error_deleting", "encryption_key_id", id(), "size", 5));
        volume(cinder, "fixedkey", Map.of(
                "display_name", "Zoë", "status", "maintenance", "size", 4,
                "encryption_key_id", "00000000-0000-0000-0000-000000000000"));
        volume(cinder, "managing", Map.of("display_name", "x", "status", "error_managing", "size", 1));
        volume(cinder, "tristate", Map.of(
                "display_name", "x", "status", "managing", "size", 1, "use_quota", false, "snapshot_id", id(),
                "user_id", "somebody"));
        volume(cinder, "clustered", Map.of(
                "display_name", "y", "status", "awaiting-transfer", "size", 10, "cluster_name", "c@files#pool",
                "provider_id", "p-1", "_name_id", id(), "shared_targets", true, "replication_status", "enabled"));
        volume(cinder, "image", Map.of(
                "display_name", "z", "status", "uploading", "size", 1, "bootable", true, "shared_targets", false));
        volume(cinder, "other", Map.of(
                "display_name", "beta", "status", "available", "size", 7, "project_id", words.get("another")));
        volume(cinder, "deleted", Map.of(
                "display_name", "beta", "status", "deleted", "size", 1, "deleted", true, "deleted_at", TIME));
    }

    /** The first three are of the same second. */
    private void volume(Handle cinder, String word, Map<String, ?> values) {
        String id = id();
        words.put(word, id);
        Map<String, Object> row = new HashMap<>(Map.of(
                "id", id, "project_id", CloudFixture.PROJECT, "user_id", CloudFixture.USER, "host", ELSEWHERE,
                "availability_zone", "nova", "attach_status", "detached", "bootable", false, "multiattach", false,
                "use_quota", true, "deleted", false));
        row.put("created_at", TIME.plusSeconds(Math.max(0, made++ - 2)));
        row.put("volume_type_id", words.get("type"));
        row.putAll(values);
        insert(cinder, "volumes", row);
    }

    private void attachments(Handle cinder) {
        attachment(cinder, "attached", "beta", Map.of(
                "instance_uuid", words.get("server"), "attached_host", "host-a", "mountpoint", "/dev/vdb",
                "attach_mode", "rw", "attach_status", "attached", "attach_time", TIME, "connection_info",
                "{\"driver_volume_type\": \"local\", \"device_path\": \"/x\", \"qos_specs\": null}",
                "connector", "{\"host\": \"host-a\"}"));
        attachment(cinder, "hosted", "beta", Map.of(
                "attached_host", "host-b", "mountpoint", "/mnt/x", "attach_mode", "ro", "attach_status", "attached"));
        attachment(cinder, "detaching", "nameless", Map.of(
                "instance_uuid", words.get("server2"), "attach_status", "error_detaching", "attach_time", TIME,
                "detach_time", TIME.plusHours(1)));
        attachment(cinder, "blank", "reserved", Map.of(
                "instance_uuid", words.get("server2"), "attach_status", "reserved", "attach_mode", "null",
                "connection_info", "{}"));
        attachment(cinder, "gone", "alpha", Map.of(
                "attach_status", "detached", "deleted", true, "deleted_at", TIME));
    }

    private void attachment(Handle cinder, String word, String volume, Map<String, ?> values) {
        String id = id();
        words.put(word, id);
        Map<String, Object> row = new HashMap<>(Map.of(
                "id", id, "volume_id", words.get(volume), "created_at", TIME.plusSeconds(made++), "deleted", false));
        row.putAll(values);
        insert(cinder, "volume_attachment", row);
    }

    private void metadata(Handle cinder) {
        pair(cinder, "volume_metadata", "alpha", "k", "v");
        pair(cinder, "volume_metadata", "alpha", "two", "2");
        pair(cinder, "volume_metadata", "beta", "k", "w");
        pair(cinder, "volume_metadata", "other", "k", "of another");
        pair(cinder, "volume_admin_metadata", "beta", "readonly", "False");
        pair(cinder, "volume_admin_metadata", "beta", "attached_mode", "rw");
        pair(cinder, "volume_admin_metadata", "nameless", "secret", "x");
        pair(cinder, "volume_glance_metadata", "image", "image_name", "cirros");
        pair(cinder, "volume_glance_metadata", "image", "min_disk", "0");
    }

    private void pair(Handle cinder, String table, String volume, String key, String value) {
        insert(cinder, table, Map.of(
                "volume_id", words.get(volume), "key", key, "value", value, "created_at", TIME, "deleted", false));
    }

    private static void insert(Handle handle, String table, Map<String, ?> row) {
        List<String> columns = List.copyOf(row.keySet());
        handle.createUpdate(columns.stream()
                .collect(Collectors.joining(
                        "\", \"", "INSERT INTO " + table + " (\"",
                        "\") VALUES (" + columns.stream().map(name -> ":" + name).collect(Collectors.joining(", "))
                                + ")")))
                .bindMap(row)
                .execute();
    }
}
