package dev.reseat.api.store.cinder;

import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.store.Order;
import dev.reseat.api.store.Selection;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.Query;

/**
 * Cinder's {@code volumes}, with their metadata and worker rows. Only live rows are seen and changed. Stateless;
 * follows {@code cinder.db.api}. {@code updated_at} is the database's clock.
 */
public final class VolumeTable {
    private static final String NOW = "timezone('UTC', clock_timestamp())";
    private static final String IS_AT_HOST = """
            EXISTS (SELECT 1 FROM unnest(?) host WHERE v.host = host
                    OR starts_with(v.host, host || '#') OR starts_with(v.host, host || '@'))""";
    private static final String HAS_PAIR = """
            EXISTS (SELECT 1 FROM (SELECT volume_id, key, value, deleted FROM volume_metadata
                                   UNION ALL
                                   SELECT volume_id, key, value, deleted FROM volume_admin_metadata) pair
                    WHERE pair.volume_id = v.id AND NOT pair.deleted
                      AND ARRAY[CAST(pair.key AS text), CAST(pair.value AS text)] = ?)""";

    private final VolumeReader reader = new VolumeReader();

    @Inject
    public VolumeTable() {}

    public Optional<Volume> find(Transaction tx, String id) {
        return reader.read(tx, List.of(id)).stream().findFirst();
    }

    /** As {@link #find}, and until the transaction ends nobody deletes or changes it, or gives it an attachment. */
    public Optional<Volume> findLocked(Transaction tx, String id) {
        lock(tx, id);
        return find(tx, id);
    }

    /** In the order asked for. An unknown marker gives an empty list. */
    public List<Volume> list(Transaction tx, VolumeFilter filter) {
        Order order = Order.of(filter.sort(), VolumeTable::column);
        Selection selection = selection(filter);
        String from = "SELECT v.id FROM volumes v";
        if (filter.page().marker().isPresent()) {
            from += " JOIN volumes marker ON marker.id = :marker";
            selection.and(order.comesAfter("v", "marker"));
        }
        Query ids = selection.query(tx, from + selection.where() + order.tail("v", filter.page()));
        filter.page().marker().ifPresent(marker -> ids.bind("marker", marker));
        return reader.read(tx, ids.mapTo(String.class).list());
    }

    /** How many there are on all pages together. */
    public int count(Transaction tx, VolumeFilter filter) {
        Selection selection = selection(filter);
        return selection.query(tx, "SELECT count(*) FROM volumes v" + selection.where()).mapTo(int.class).one();
    }

    /**
     * Sets the given columns if the volume is still as it was decided on, the set of its live attachments included.
     * The row stays locked until the end of the transaction, against new attachments too: also those of a Cinder
     * service at the same database, whose foreign key needs the row.
     *
     * @return false if it is not so any more; nothing was changed
     */
    public boolean change(Transaction tx, Volume.Guard guard, StateChange change) {
        // a statement of its own: what comes after it sees what the one who held the lock has committed
        lock(tx, guard.id());
        return tx.handle()
                .createUpdate("""
                        UPDATE volumes
                        SET status = COALESCE(:newStatus, status),
                            attach_status = COALESCE(:newAttachStatus, attach_status),
                            migration_status = CASE WHEN :newMigrationStatus IS NULL THEN migration_status
                                ELSE NULLIF(:newMigrationStatus, 'none') END,
                            updated_at = %s
                        WHERE id = :id AND NOT deleted
                          AND COALESCE(status, '') = :status
                          AND attach_status IS NOT DISTINCT FROM :attachStatus
                          AND migration_status IS NOT DISTINCT FROM :migrationStatus
                          AND ARRAY(SELECT CAST(a.id AS text) FROM volume_attachment a
                                    WHERE a.volume_id = :id AND NOT a.deleted
                                    ORDER BY a.id COLLATE "C") = :attachments
                        """.formatted(NOW))
                .bind("id", guard.id())
                .bind("newStatus", change.status().orElse(null))
                .bind("newAttachStatus", change.attachStatus().orElse(null))
                .bind("newMigrationStatus", change.migrationStatus().orElse(null))
                .bind("status", guard.status())
                .bind("attachStatus", guard.attachStatus().orElse(null))
                .bind("migrationStatus", guard.migrationStatus().orElse(null))
                .bindArray("attachments", String.class, guard.attachmentIds())
                .execute() == 1;
    }

    /**
     * Sets both columns from the attachments that are left, as Cinder does after a detach: the first of attached,
     * attaching, detaching, reserved that there is, {@code error_…} ones not counted; available and detached if there
     * is none. The status stays if none is left while the volume is migrated or uploaded: that flow sets it.
     * Repeatable. {@code updated_at} is kept. Follows {@code volume_detached}.
     */
    public void deriveStatus(Transaction tx, String volumeId) {
        lock(tx, volumeId);
        tx.handle()
                .createUpdate("""
                        WITH derived AS (SELECT COALESCE(
                            (SELECT attach_status FROM volume_attachment
                             WHERE volume_id = :id AND NOT deleted AND attach_status NOT LIKE 'error\\_%'
                             ORDER BY attach_status COLLATE "C" LIMIT 1), 'detached') AS attach_status)
                        UPDATE volumes v
                        SET attach_status = derived.attach_status,
                            status = CASE
                                WHEN derived.attach_status = 'attached' THEN 'in-use'
                                WHEN derived.attach_status <> 'detached' THEN derived.attach_status
                                WHEN COALESCE(v.migration_status, '') NOT IN ('', 'success', 'error') THEN v.status
                                WHEN v.status = 'uploading' AND COALESCE(v.migration_status, '') = '' THEN v.status
                                ELSE 'available' END
                        FROM derived
                        WHERE v.id = :id AND NOT v.deleted
                        """)
                .bind("id", volumeId)
                .execute();
    }

    /** The time of change of a volume whose attachment was deleted through the API. */
    public void touch(Transaction tx, String volumeId) {
        tx.handle()
                .createUpdate("UPDATE volumes SET updated_at = " + NOW + " WHERE id = :id AND NOT deleted")
                .bind("id", volumeId)
                .execute();
    }

    /**
     * Sets both columns if the status is one of those.
     *
     * @return false if it is not; nothing was changed
     */
    public boolean casStatus(
            Transaction tx, String volumeId, Set<String> from, String status, String attachStatus) {
        return tx.handle()
                .createUpdate("UPDATE volumes SET status = :status, attach_status = :attachStatus, updated_at = " + NOW
                        + " WHERE id = :id AND NOT deleted AND status = ANY(:from)")
                .bind("id", volumeId)
                .bind("status", status)
                .bind("attachStatus", attachStatus)
                .bindArray("from", String.class, List.copyOf(from))
                .execute() == 1;
    }

    /** The same for the status alone: a reservation leaves {@code attach_status} as it is. */
    public boolean casStatus(Transaction tx, String volumeId, Set<String> from, String status) {
        return tx.handle()
                .createUpdate("UPDATE volumes SET status = :status, updated_at = " + NOW
                        + " WHERE id = :id AND NOT deleted AND status = ANY(:from)")
                .bind("id", volumeId)
                .bind("status", status)
                .bindArray("from", String.class, List.copyOf(from))
                .execute() == 1;
    }

    /**
     * Stores what the backend's driver says of the volume's export.
     *
     * @param host {@code host@backend}: pools of it count too
     * @return false if the volume is not on that backend; nothing was changed
     */
    public boolean putProvider(
            Transaction tx, String volumeId, String host, Optional<String> location, Optional<String> auth) {
        return tx.handle()
                .createUpdate("UPDATE volumes SET provider_location = :location, provider_auth = :auth, updated_at = "
                        + NOW + " WHERE id = :id AND NOT deleted AND split_part(host, '#', 1) = :host")
                .bind("id", volumeId)
                .bind("host", host)
                .bind("location", location.orElse(null))
                .bind("auth", auth.orElse(null))
                .execute() == 1;
    }

    /** Sets a pair of admin metadata, {@code attached_mode} for instance. Repeatable. */
    public void putAdminMetadata(Transaction tx, String volumeId, String key, String value) {
        // so that no two of us insert it; weaker than lock(), for a caller who has just inserted an attachment
        tx.handle()
                .createQuery("SELECT id FROM volumes WHERE id = :id FOR NO KEY UPDATE")
                .bind("id", volumeId)
                .mapTo(String.class)
                .findOne();
        Map<String, String> pair = Map.of("id", volumeId, "key", key, "value", value);
        int changed = tx.handle()
                .createUpdate("UPDATE volume_admin_metadata SET value = :value, updated_at = " + NOW
                        + " WHERE volume_id = :id AND key = :key AND NOT deleted")
                .bindMap(pair)
                .execute();
        if (changed == 0) {
            tx.handle()
                    .createUpdate("INSERT INTO volume_admin_metadata (created_at, deleted, volume_id, key, value)"
                            + " VALUES (" + NOW + ", false, :id, :key, :value)")
                    .bindMap(pair)
                    .execute();
        }
    }

    /** Soft-deletes a pair of admin metadata. Repeatable. */
    public void removeAdminMetadata(Transaction tx, String volumeId, String key) {
        tx.handle()
                .createUpdate("UPDATE volume_admin_metadata SET deleted = true, deleted_at = " + NOW
                        + " WHERE volume_id = :id AND key = :key AND NOT deleted")
                .bind("id", volumeId)
                .bind("key", key)
                .execute();
    }

    /**
     * Removes the row by which a restarting volume service would clean up an operation on this volume. Repeatable. Rows
     * carry the resource type {@code Volume}; upstream asks for another one and so, on PostgreSQL, removes none.
     */
    public void removeWorker(Transaction tx, String volumeId) {
        tx.handle()
                .createUpdate("DELETE FROM workers WHERE resource_type = 'Volume' AND resource_id = :id")
                .bind("id", volumeId)
                .execute();
    }

    private static void lock(Transaction tx, String volumeId) {
        tx.handle()
                .createQuery("SELECT id FROM volumes WHERE id = :id FOR UPDATE")
                .bind("id", volumeId)
                .mapTo(String.class)
                .findOne();
    }

    private static Selection selection(VolumeFilter filter) {
        Selection selection = new Selection().and("NOT v.deleted");
        filter.projectId().ifPresent(project -> selection.and("v.project_id = ANY(?)", List.of(project)));
        filter.name().ifPresent(name -> selection.and("v.display_name = ANY(?)", List.of(name)));
        filter.host().ifPresent(host -> selection.and(IS_AT_HOST, List.of(host)));
        filter.migrationStatus().ifPresent(status -> selection.and("v.migration_status = ANY(?)", List.of(status)));
        if (!filter.statuses().isEmpty()) {
            selection.and("v.status = ANY(?)", List.copyOf(filter.statuses()));
        }
        if (!filter.ids().isEmpty()) {
            selection.and("v.id = ANY(?)", List.copyOf(filter.ids()));
        }
        filter.metadata().forEach((key, value) -> selection.and(HAS_PAIR, List.of(key, value)));
        return selection;
    }

    private static String column(VolumeFilter.Key key) {
        return key == VolumeFilter.Key.NAME ? "display_name" : key.name().toLowerCase(Locale.ROOT);
    }
}
