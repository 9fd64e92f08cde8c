package dev.reseat.api.store;

import java.util.List;
import java.util.Map;

/**
 * What we need of Cinder's and Nova's databases, and the marks that their own migrations leave there.
 *
 * @param service {@code cinder}, {@code nova}, or {@code nova-api} for the database that names cells
 * @param columns of each table that statements of ours name
 * @param revisions of Alembic, the oldest one first, that this version of ours was written for
 * @param release of the first of them
 * @param writes statements that change nothing, but need the rights that we need
 */
record OpenstackTables(
        String service, Map<String, List<String>> columns, List<String> revisions, String release,
        List<String> writes) {
    static final OpenstackTables CINDER = new OpenstackTables(
            "cinder",
            Map.of(
                    "volumes", List.of(
                            "id", "project_id", "host", "cluster_name", "status", "attach_status", "migration_status",
                            "_name_id", "display_name", "volume_type_id", "provider_location", "provider_auth",
                            "use_quota", "created_at", "updated_at", "deleted"),
                    "volume_types", List.of("id", "name"),
                    "volume_attachment", List.of(
                            "id", "volume_id", "instance_uuid", "attached_host", "mountpoint", "attach_time",
                            "detach_time", "attach_mode", "attach_status", "connection_info", "connector",
                            "created_at", "updated_at", "deleted_at", "deleted"),
                    "volume_metadata", List.of("volume_id", "key", "value", "deleted"),
                    "volume_admin_metadata", List.of(
                            "volume_id", "key", "value", "created_at", "updated_at", "deleted_at", "deleted"),
                    "volume_glance_metadata", List.of("volume_id", "key", "value", "deleted"),
                    "workers", List.of("resource_type", "resource_id"),
                    "services", List.of("host", "binary", "cluster_name", "created_at", "updated_at", "deleted")),
            List.of(
                    "c92a3e68beed", "daa98075b90d", "89aa6f9639f9", "b8660621f1b9", "9ab1b092a404", "b7b88f50aab5",
                    "9c74c1c6971f", "385d1313da9a"),
            "Zed",
            List.of(
                    "UPDATE volumes SET status = status WHERE 1 = 0",
                    "UPDATE volume_attachment SET attach_status = attach_status WHERE 1 = 0",
                    "INSERT INTO volume_attachment SELECT * FROM volume_attachment WHERE 1 = 0",
                    "UPDATE volume_admin_metadata SET value = value WHERE 1 = 0",
                    "INSERT INTO volume_admin_metadata SELECT * FROM volume_admin_metadata WHERE 1 = 0",
                    "DELETE FROM workers WHERE 1 = 0"));

    /** What is needed besides where a volume-manager is in the place of a cinder-volume. */
    static final OpenstackTables IN_PLACE_OF_CINDER_VOLUME = new OpenstackTables(
            "cinder",
            Map.of(
                    "services", List.of(
                            "uuid", "topic", "report_count", "disabled", "availability_zone", "rpc_current_version",
                            "object_current_version", "replication_status", "frozen"),
                    "clusters", List.of(
                            "name", "binary", "disabled", "race_preventer", "replication_status", "frozen",
                            "created_at", "deleted"),
                    "snapshots", List.of(
                            "id", "volume_id", "group_snapshot_id", "project_id", "status", "updated_at", "deleted"),
                    "groups", List.of("id", "project_id", "status", "updated_at", "deleted"),
                    "group_snapshots", List.of("id", "project_id", "status", "updated_at", "deleted"),
                    "backups", List.of("id", "volume_id", "project_id", "status", "updated_at", "deleted")),
            List.of(),
            "",
            List.of(
                    "UPDATE services SET topic = topic WHERE 1 = 0",
                    "INSERT INTO services SELECT * FROM services WHERE 1 = 0",
                    "INSERT INTO clusters SELECT * FROM clusters WHERE 1 = 0",
                    "UPDATE snapshots SET status = status WHERE 1 = 0",
                    "UPDATE \"groups\" SET status = status WHERE 1 = 0",
                    "UPDATE group_snapshots SET status = status WHERE 1 = 0",
                    "UPDATE backups SET status = status WHERE 1 = 0",
                    "INSERT INTO messages (id, project_id, request_id, resource_type, resource_uuid, event_id,"
                            + " message_level, detail_id, action_id, created_at, expires_at, deleted)"
                            + " SELECT id, project_id, NULL, NULL, id, NULL, NULL, NULL, NULL, updated_at, updated_at,"
                            + " deleted FROM snapshots WHERE 1 = 0"));

    static final OpenstackTables NOVA = new OpenstackTables(
            "nova",
            Map.of(
                    "instances", List.of(
                            "id", "uuid", "project_id", "user_id", "host", "node", "vm_state", "task_state",
                            "power_state", "locked", "locked_by", "updated_at", "deleted"),
                    "instance_metadata", List.of("instance_uuid", "key", "value", "deleted"),
                    "instance_system_metadata", List.of("instance_uuid", "key", "value", "created_at", "deleted"),
                    "instance_actions", List.of(
                            "id", "instance_uuid", "action", "request_id", "user_id", "project_id", "start_time",
                            "finish_time", "message", "created_at", "updated_at", "deleted"),
                    "block_device_mapping", List.of(
                            "id", "uuid", "instance_uuid", "volume_id", "attachment_id", "connection_info",
                            "device_name", "boot_index", "updated_at", "deleted_at", "deleted"),
                    "migrations", List.of(
                            "id", "instance_uuid", "status", "source_compute", "dest_compute", "deleted"),
                    "services", List.of(
                            "host", "binary", "version", "forced_down", "last_seen_up", "created_at", "updated_at",
                            "deleted")),
            List.of(
                    "ccb0fa1a2252", "960aac0e09ea", "1b91788ec3a6", "1acf2c98e646", "13863f4e1612", "d60bddf7a903",
                    "2903cd72dc14", "ab450ba04102"),
            "Zed",
            List.of(
                    "UPDATE instances SET locked = locked WHERE 1 = 0",
                    "UPDATE block_device_mapping SET volume_id = volume_id WHERE 1 = 0",
                    "UPDATE instance_actions SET action = action WHERE 1 = 0",
                    "INSERT INTO instance_actions SELECT * FROM instance_actions WHERE 1 = 0",
                    "INSERT INTO instance_system_metadata SELECT * FROM instance_system_metadata WHERE 1 = 0",
                    "DELETE FROM instance_system_metadata WHERE 1 = 0"));

    static final OpenstackTables NOVA_API = new OpenstackTables(
            "nova-api",
            Map.of(
                    "cell_mappings", List.of("id", "uuid", "name", "transport_url", "database_connection"),
                    "host_mappings", List.of("host", "cell_id"),
                    "instance_mappings", List.of("instance_uuid", "cell_id", "project_id")),
            List.of("b30f573d3377", "cdeec0c85668"),
            "Zed",
            List.of());

    /** In the order of the alphabet. */
    List<String> names() {
        return columns.keySet().stream().sorted().toList();
    }

    /** Of which release a database is that has that mark. */
    String recognised(String revision) {
        return switch (revisions.indexOf(revision)) {
            case -1 -> "not known to this version";
            case 0 -> "as of " + release;
            default -> "of a release after " + release;
        };
    }
}
