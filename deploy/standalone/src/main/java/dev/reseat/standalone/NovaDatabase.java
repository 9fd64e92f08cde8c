package dev.reseat.standalone;

import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** The tables of Nova's cell database, written as its services leave them, and read as they are. */
final class NovaDatabase {
    private final Jdbi jdbi;

    NovaDatabase(DataSource source) {
        this.jdbi = Jdbi.create(source);
    }

    /** A row of {@code instances}. */
    record InstanceRow(String name, String host, String vmState, boolean locked, boolean deleted) {
        @Override
        public String toString() {
            return name + " " + (deleted ? "deleted" : vmState + " on " + host) + (locked ? ", locked" : "");
        }
    }

    /** A live row of {@code block_device_mapping}. */
    record MappingRow(String uuid, Optional<String> attachmentId, Optional<String> connectionInfo) {}

    /** A finished or unfinished row of {@code instance_actions}. */
    record ActionRow(String action, boolean finished, Optional<String> message) {}

    void insertInstance(String uuid, String name, String host, String vmState, String user, String project) {
        jdbi.useHandle(handle -> handle
                .createUpdate("""
                        INSERT INTO instances (created_at, updated_at, launched_at, user_id, project_id, image_ref,
                            launch_index, power_state, vm_state, memory_mb, vcpus, hostname, host, node, launched_on,
                            display_name, display_description, availability_zone, locked, instance_type_id, uuid,
                            root_device_name, root_gb, ephemeral_gb, config_drive, progress, auto_disk_config,
                            shutdown_terminate, disable_terminate, reservation_id, deleted, cleaned, hidden)
                        VALUES (:now, :now, :now, :user, :project, '', 0, :power, :state, 512, 1, :name, :host, :host,
                            :host, :name, :name, 'nova', false, 1, :uuid, '/dev/vda', 1, 0, '', 0, false, false, false,
                            'r-demo', 0, 0, false)
                        """)
                .bind("now", CinderDatabase.now())
                .bind("user", user)
                .bind("project", project)
                .bind("power", vmState.equals("active") ? 1 : 4)
                .bind("state", vmState)
                .bind("name", name)
                .bind("host", host)
                .bind("uuid", uuid)
                .execute());
    }

    /** As Nova deletes: softly, together with its mappings. */
    void deleteInstance(String uuid) {
        jdbi.useTransaction(handle -> {
            handle.createUpdate("""
                            UPDATE instances SET vm_state = 'deleted', terminated_at = :now, deleted_at = :now,
                                deleted = id, cleaned = 1 WHERE uuid = :uuid
                            """)
                    .bind("now", CinderDatabase.now())
                    .bind("uuid", uuid)
                    .execute();
            handle.createUpdate(
                    "UPDATE block_device_mapping SET deleted = id, deleted_at = :now WHERE instance_uuid = :uuid")
                    .bind("now", CinderDatabase.now())
                    .bind("uuid", uuid)
                    .execute();
        });
    }

    /** @param attachmentId empty for a mapping of the flow from before attachments had ids */
    void insertMapping(
            String uuid,
            String instance,
            String volume,
            String device,
            Optional<String> attachmentId,
            String connectionInfo) {
        jdbi.useHandle(handle -> handle
                .createUpdate("""
                        INSERT INTO block_device_mapping (created_at, updated_at, device_name, delete_on_termination,
                            volume_id, volume_size, no_device, connection_info, instance_uuid, deleted, source_type,
                            destination_type, device_type, disk_bus, attachment_id, uuid)
                        VALUES (:now, :now, :device, false, :volume, 1, false, :info, :instance, 0, 'volume', 'volume',
                            'disk', 'virtio', :attachment, :uuid)
                        """)
                .bind("now", CinderDatabase.now())
                .bind("device", device)
                .bind("volume", volume)
                .bind("info", connectionInfo)
                .bind("instance", instance)
                .bind("attachment", attachmentId.orElse(null))
                .bind("uuid", uuid)
                .execute());
    }

    Optional<InstanceRow> instance(String uuid) {
        return jdbi.withHandle(handle -> handle
                .createQuery(
                        "SELECT display_name, host, vm_state, locked, deleted <> 0 FROM instances WHERE uuid = :uuid")
                .bind("uuid", uuid)
                .map((row, _) -> new InstanceRow(
                        row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4), row.getBoolean(5)))
                .findOne());
    }

    Optional<MappingRow> mapping(String volume) {
        return jdbi.withHandle(handle -> handle
                .createQuery("""
                        SELECT uuid, attachment_id, connection_info FROM block_device_mapping
                        WHERE volume_id = :volume AND deleted = 0
                        """)
                .bind("volume", volume)
                .map((row, _) -> new MappingRow(
                        row.getString(1), Optional.ofNullable(row.getString(2)), Optional.ofNullable(row.getString(3))))
                .findOne());
    }

    List<ActionRow> actions(String instance) {
        return jdbi.withHandle(handle -> handle
                .createQuery("""
                        SELECT action, finish_time IS NOT NULL, message FROM instance_actions
                        WHERE instance_uuid = :instance ORDER BY id
                        """)
                .bind("instance", instance)
                .map((row, _) -> new ActionRow(
                        row.getString(1), row.getBoolean(2), Optional.ofNullable(row.getString(3))))
                .list());
    }
}
