package dev.reseat.api.store.cinder;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.store.Order;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Selection;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.Query;

/**
 * Cinder's {@code volume_attachment}. Stateless. The volume's own columns are not touched here: {@link VolumeTable}
 * does that, in the same transaction. {@code connection_info} and connector are stored as Cinder stores them, secrets
 * in clear; they stay in a row that was soft-deleted.
 */
public final class AttachmentTable {
    private static final String IS_OF_PROJECT =
            "EXISTS (SELECT 1 FROM volumes v WHERE v.id = a.volume_id AND v.project_id = ?)";

    private static final List<String> COLUMNS = List.of(
            "id", "volume_id", "instance_uuid", "attached_host", "mountpoint", "attach_time", "detach_time",
            "attach_mode", "attach_status", "connection_info", "connector", "created_at", "updated_at", "deleted_at",
            "deleted");

    @Inject
    public AttachmentTable() {}

    /** A live one. */
    public Optional<Attachment> find(Transaction tx, String id) {
        return findEvenDeleted(tx, id).filter(attachment -> !attachment.deleted());
    }

    public Optional<Attachment> findEvenDeleted(Transaction tx, String id) {
        return tx.handle()
                .createQuery("SELECT * FROM volume_attachment WHERE id = :id")
                .bind("id", id)
                .map((result, context) -> attachment(new Row(result)))
                .findOne();
    }

    /** Live ones, oldest first. */
    public List<Attachment> ofVolume(Transaction tx, String volumeId) {
        return tx.handle()
                .createQuery("SELECT * FROM volume_attachment WHERE volume_id = :id AND NOT deleted"
                        + " ORDER BY created_at, id")
                .bind("id", volumeId)
                .map((result, context) -> attachment(new Row(result)))
                .list();
    }

    /** The one that was deleted last, with its connector and connection_info; empty if none ever was. */
    public Optional<Attachment> lastDeleted(Transaction tx, String volumeId) {
        return lastDeleted(tx, List.of(volumeId)).stream().findFirst();
    }

    /** The same of each of these volumes that ever had one. */
    public List<Attachment> lastDeleted(Transaction tx, Collection<String> volumeIds) {
        return tx.handle()
                .createQuery("""
                        SELECT * FROM (
                            SELECT a.*, row_number() OVER (PARTITION BY volume_id ORDER BY
                                COALESCE(deleted_at, updated_at, created_at) DESC, id DESC) AS place
                            FROM volume_attachment a WHERE volume_id IN (<ids>) AND deleted) latest
                        WHERE place = 1
                        """)
                .bindList("ids", List.copyOf(volumeIds))
                .map((result, context) -> attachment(new Row(result)))
                .list();
    }

    /** In the order asked for. An unknown marker gives an empty list. */
    public List<Attachment> list(Transaction tx, AttachmentFilter filter) {
        Order order = Order.of(filter.sort(), key -> key.name().toLowerCase(Locale.ROOT));
        Selection selection = selection(filter);
        String from = "SELECT a.* FROM volume_attachment a";
        if (filter.page().marker().isPresent()) {
            from += " JOIN volume_attachment marker ON marker.id = :marker";
            selection.and(order.comesAfter("a", "marker", tx.dialect()));
        }
        Query rows = selection.query(tx, from + selection.where() + order.tail("a", filter.page()));
        filter.page().marker().ifPresent(marker -> rows.bind("marker", marker));
        return rows.map((result, context) -> attachment(new Row(result))).list();
    }

    /**
     * A blank attachment: it reserves the volume and connects nobody.
     *
     * @param mode as it is stored; empty for none at all
     * @throws dev.reseat.api.store.StoreException.Conflict if the id is taken
     */
    public void insertReserved(
            Transaction tx,
            String id,
            String volumeId,
            Optional<String> instanceUuid,
            Optional<String> mode,
            Instant now) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO volume_attachment
                            (id, volume_id, instance_uuid, attach_mode, attach_status, connection_info, created_at,
                             updated_at, deleted)
                        VALUES (:id, :volumeId, :instanceUuid, :mode, 'reserved', '{}', :now, :now, false)
                        """)
                .bind("id", id)
                .bind("volumeId", volumeId)
                .bind("instanceUuid", instanceUuid.orElse(null))
                .bind("mode", mode.orElse(null))
                .bind("now", now)
                .execute();
    }

    /**
     * The backend has exported the volume to this connector: the attachment is {@code attaching}. Repeatable.
     *
     * @return false if it is gone, or attached already; nothing was changed
     */
    public boolean connected(
            Transaction tx,
            String id,
            String connectorJson,
            String connectionInfoJson,
            String attachedHost,
            String mountpoint,
            Optional<String> mode,
            Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment
                        SET connector = :connector, connection_info = :connectionInfo, attached_host = :host,
                            mountpoint = :mountpoint, attach_mode = :mode, attach_time = :now, updated_at = :now,
                            attach_status = 'attaching'
                        WHERE id = :id AND NOT deleted
                          AND attach_status IN ('reserved', 'attaching', 'error_attaching')
                        """)
                .bind("id", id)
                .bind("connector", connectorJson)
                .bind("connectionInfo", connectionInfoJson)
                .bind("host", attachedHost)
                .bind("mountpoint", mountpoint)
                .bind("mode", mode.orElse(null))
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * Stores connection_info that the volume service has answered, and nothing else: that service has written the rest.
     *
     * @param before what the row must still hold
     * @return false if it is gone or holds something else; nothing was changed
     */
    public boolean storeConnectionInfo(
            Transaction tx, String id, Optional<String> before, String connectionInfoJson, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment SET connection_info = :connectionInfo, updated_at = :now
                        WHERE id = :id AND NOT deleted
                          AND connection_info <is_exactly> :before
                        """)
                .bind("id", id)
                .bind("before", before.orElse(null))
                .bind("connectionInfo", connectionInfoJson)
                .bind("now", now)
                .execute() == 1;
    }

    /** The mode of one that has been made with a connector. Nothing happens if it is gone. */
    public void storeMode(Transaction tx, String id, String mode, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment SET attach_mode = :mode, updated_at = :now
                        WHERE id = :id AND NOT deleted
                        """)
                .bind("id", id)
                .bind("mode", mode)
                .bind("now", now)
                .execute();
    }

    /**
     * Attached in the flow of before attachments had connectors: {@code attached} at once. Repeatable.
     *
     * @return false if it is gone; nothing was changed
     */
    public boolean attached(
            Transaction tx,
            String id,
            Optional<String> attachedHost,
            Optional<String> mountpoint,
            String mode,
            Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment
                        SET attached_host = COALESCE(:host, attached_host), mountpoint = COALESCE(:mountpoint, \
                        mountpoint),
                            attach_mode = :mode, attach_time = COALESCE(attach_time, :now), updated_at = :now,
                            attach_status = 'attached'
                        WHERE id = :id AND NOT deleted
                        """)
                .bind("id", id)
                .bind("host", attachedHost.orElse(null))
                .bind("mountpoint", mountpoint.orElse(null))
                .bind("mode", mode)
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * The host has connected the volume: the attachment is {@code attached}. Repeatable.
     *
     * @return false if it is gone, or was never connected; nothing was changed
     */
    public boolean complete(Transaction tx, String id, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment SET attach_status = 'attached', updated_at = :now
                        WHERE id = :id AND NOT deleted AND attach_status IN ('attaching', 'attached')
                        """)
                .bind("id", id)
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * The volume is exported again to a host that had connected it: the attachment is {@code attached}, also one whose
     * detach broke off. Repeatable.
     *
     * @return false if it is gone, or was never connected; nothing was changed
     */
    public boolean restore(Transaction tx, String id, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment SET attach_status = 'attached', updated_at = :now
                        WHERE id = :id AND NOT deleted
                          AND attach_status IN ('attaching', 'attached', 'detaching', 'error_detaching')
                        """)
                .bind("id", id)
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * Marks it detached and deleted and keeps everything else. Locks the volume's row first, as Cinder does.
     *
     * @return false if it was deleted before, or never was
     */
    public boolean softDelete(Transaction tx, String id, Instant now) {
        tx.handle()
                .createQuery("SELECT id FROM volumes"
                        + " WHERE id = (SELECT volume_id FROM volume_attachment WHERE id = :id) FOR UPDATE")
                .bind("id", id)
                .mapTo(String.class)
                .findOne();
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment
                        SET attach_status = 'detached', detach_time = :now, deleted = true, deleted_at = :now
                        WHERE id = :id AND NOT deleted
                        """)
                .bind("id", id)
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * Takes a {@link #softDelete} back: it is {@code attaching} again, with the connector and connection_info it had.
     *
     * @return false if it is not deleted, not of that volume, or was never connected; nothing was changed
     */
    public boolean undelete(Transaction tx, String id, String volumeId, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment
                        SET attach_status = 'attaching', detach_time = NULL, deleted = false, deleted_at = NULL,
                            updated_at = :now
                        WHERE id = :id AND volume_id = :volumeId AND deleted AND connector IS NOT NULL
                        """)
                .bind("id", id)
                .bind("volumeId", volumeId)
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * As {@link #softDelete}, of all these, by who has locked the row of their volume.
     */
    public void softDeleteAll(Transaction tx, List<String> ids, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE volume_attachment
                        SET attach_status = 'detached', detach_time = :now, deleted = true, deleted_at = :now
                        WHERE id IN (<ids>) AND NOT deleted
                        """)
                .bindList("ids", ids)
                .bind("now", now)
                .execute();
    }

    /** The time of change of one that was deleted through the API, which the deletion itself leaves alone. */
    public void touch(Transaction tx, String id, Instant now) {
        tx.handle()
                .createUpdate("UPDATE volume_attachment SET updated_at = :now WHERE id = :id")
                .bind("id", id)
                .bind("now", now)
                .execute();
    }

    private static Selection selection(AttachmentFilter filter) {
        Selection selection = new Selection().and("NOT a.deleted");
        filter.projectId().ifPresent(project -> selection.and(IS_OF_PROJECT, project));
        filter.volumeId().ifPresent(volume -> selection.and("a.volume_id = ?", volume));
        filter.instanceUuid().ifPresent(instance -> selection.and("a.instance_uuid = ?", instance));
        filter.status().ifPresent(status -> selection.and("a.attach_status = ?", status));
        filter.attachedHost().ifPresent(host -> selection.and("a.attached_host = ?", host));
        if (!filter.ids().isEmpty()) {
            selection.andIn("a.id", filter.ids());
        }
        return selection;
    }

    /** SQL: all columns of that table's alias, each under a name that begins with it. */
    static String prefixed(String alias) {
        return COLUMNS.stream()
                .map(column -> "%1$s.%2$s AS %1$s_%2$s".formatted(alias, column))
                .collect(Collectors.joining(", "));
    }

    /** What a row has under such names; empty if an outer join has found none. */
    static Optional<Attachment> prefixed(String alias, Row row) throws SQLException {
        return row.optionalText(alias + "_id").isPresent()
                ? Optional.of(attachment(row, alias + "_"))
                : Optional.empty();
    }

    private static Attachment attachment(Row row) throws SQLException {
        return attachment(row, "");
    }

    private static Attachment attachment(Row row, String prefix) throws SQLException {
        return new Attachment(
                row.text(prefix + "id"),
                row.text(prefix + "volume_id"),
                row.optionalText(prefix + "instance_uuid"),
                row.optionalText(prefix + "attached_host"),
                row.optionalText(prefix + "mountpoint"),
                row.optionalTime(prefix + "attach_time"),
                row.optionalTime(prefix + "detach_time"),
                row.optionalText(prefix + "attach_mode"),
                row.optionalText(prefix + "attach_status").orElse(""),
                row.optionalText(prefix + "connection_info"),
                row.optionalText(prefix + "connector"),
                row.optionalTime(prefix + "created_at"),
                row.optionalTime(prefix + "updated_at"),
                row.optionalTime(prefix + "deleted_at"),
                row.bool(prefix + "deleted"));
    }
}
