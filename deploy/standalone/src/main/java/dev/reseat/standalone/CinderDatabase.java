package dev.reseat.standalone;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/** Cinder's tables, written as its services leave them, and read as they are. */
final class CinderDatabase {
    private static final String TYPE = "00000000-0000-4000-8000-000000000001";

    private final Jdbi jdbi;

    CinderDatabase(DataSource source) {
        this.jdbi = Jdbi.create(source);
    }

    /** {@code volumes}, and how many live attachments there are. */
    record VolumeRow(
            String status,
            String attachStatus,
            Optional<String> migrationStatus,
            Optional<String> host,
            List<AttachmentRow> attachments) {
        VolumeRow {
            attachments = List.copyOf(attachments);
        }
    }

    /** A live row of {@code volume_attachment}. */
    record AttachmentRow(
            String id, String status, Optional<String> server, Optional<String> host, boolean connected, String info) {
        @Override
        public String toString() {
            return status + (connected ? " to " + host.orElse("-") : ", no connector");
        }
    }

    void insertType() {
        jdbi.useHandle(handle -> handle
                .createUpdate("""
                        INSERT INTO volume_types (created_at, deleted, id, name, is_public, description)
                        VALUES (:now, false, :id, '__DEFAULT__', true, 'Default Volume Type')
                        """)
                .bind("now", now())
                .bind("id", TYPE)
                .execute());
    }

    /** An available volume. */
    void insertVolume(String id, String name, String host, String user, String project) {
        jdbi.useHandle(handle -> handle
                .createUpdate("""
                        INSERT INTO volumes (created_at, updated_at, deleted, id, user_id, project_id, host, size,
                            availability_zone, status, attach_status, scheduled_at, launched_at, display_name,
                            volume_type_id, bootable, multiattach, shared_targets, use_quota)
                        VALUES (:now, :now, false, :id, :user, :project, :host, 1, 'nova', 'available', 'detached',
                            :now, :now, :name, :type, false, false, false, true)
                        """)
                .bind("now", now())
                .bind("id", id)
                .bind("user", user)
                .bind("project", project)
                .bind("host", host)
                .bind("name", name)
                .bind("type", TYPE)
                .execute());
    }

    void setStatus(String id, String status) {
        jdbi.useHandle(handle -> handle
                .createUpdate("UPDATE volumes SET status = :status, updated_at = :now WHERE id = :id")
                .bind("status", status)
                .bind("now", now())
                .bind("id", id)
                .execute());
    }

    void setConnectionInfo(String attachmentId, String json) {
        jdbi.useHandle(handle -> handle
                .createUpdate("UPDATE volume_attachment SET connection_info = :json WHERE id = :id")
                .bind("json", json)
                .bind("id", attachmentId)
                .execute());
    }

    VolumeRow read(String id) {
        return jdbi.withHandle(handle -> {
            List<AttachmentRow> attachments = handle
                    .createQuery("""
                            SELECT id, attach_status, instance_uuid, attached_host, connector, connection_info
                            FROM volume_attachment WHERE volume_id = :id AND NOT deleted ORDER BY created_at, id
                            """)
                    .bind("id", id)
                    .map((row, _) -> new AttachmentRow(
                            row.getString(1), row.getString(2), Optional.ofNullable(row.getString(3)),
                            Optional.ofNullable(row.getString(4)), row.getString(5) != null,
                            Optional.ofNullable(row.getString(6)).orElse("")))
                    .list();
            return handle
                    .createQuery("SELECT status, attach_status, migration_status, host FROM volumes WHERE id = :id")
                    .bind("id", id)
                    .map((row, _) -> new VolumeRow(
                            row.getString(1), row.getString(2), Optional.ofNullable(row.getString(3)),
                            Optional.ofNullable(row.getString(4)), attachments))
                    .one();
        });
    }

    static LocalDateTime now() {
        return LocalDateTime.now(ZoneOffset.UTC);
    }
}
