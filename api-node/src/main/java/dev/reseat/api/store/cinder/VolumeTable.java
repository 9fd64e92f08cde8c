package dev.reseat.api.store.cinder;

import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.store.Order;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Selection;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.Query;

/**
 * Cinder's {@code volumes}, with their metadata and worker rows. Only live rows are seen and changed. Stateless;
 * follows {@code cinder.db.api}. {@code updated_at} is the database's clock.
 */
public final class VolumeTable {
    private static final String IS_AT_HOST =
            "(v.host = ? OR v.host LIKE ? ESCAPE '!' OR v.host LIKE ? ESCAPE '!')";
    private static final String HAS_PAIR = """
            (EXISTS (SELECT 1 FROM volume_metadata m
                     WHERE m.volume_id = v.id AND NOT m.deleted AND m."key" = ? AND m.value = ?)
             OR EXISTS (SELECT 1 FROM volume_admin_metadata m
                     WHERE m.volume_id = v.id AND NOT m.deleted AND m."key" = ? AND m.value = ?))""";

    private final VolumeReader reader = new VolumeReader();

    @Inject
    public VolumeTable() {}

    public Optional<Volume> find(Transaction tx, String id) {
        return reader.read(tx, List.of(id)).stream().findFirst();
    }

    /** Those of these that there are. */
    public List<Volume> findAll(Transaction tx, List<String> ids) {
        return reader.read(tx, ids);
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
            selection.and(order.comesAfter("v", "marker", tx.dialect()));
        }
        Query ids = selection.query(tx, from + selection.where() + order.tail("v", filter.page()));
        filter.page().marker().ifPresent(marker -> ids.bind("marker", marker));
        return reader.read(tx, ids.mapTo(String.class).list());
    }

    /** Which of these ids a volume has, or is stored under at its backend since it was migrated. */
    public Set<String> known(Transaction tx, Collection<String> ids) {
        Set<String> known = new HashSet<>();
        tx.handle()
                .createQuery("""
                        SELECT v.id, v._name_id FROM volumes v
                        WHERE NOT v.deleted AND (v.id IN (<ids>) OR v._name_id IN (<ids>))
                        """)
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(ids))
                .map((result, context) -> {
                    Row row = new Row(result);
                    known.add(row.text("id"));
                    row.optionalText("_name_id").ifPresent(known::add);
                    return row;
                })
                .list();
        known.retainAll(Set.copyOf(ids));
        return known;
    }

    /** The volume services that have volumes: cluster and host of each, as far as it has them; a pool is left out. */
    public Set<List<String>> services(Transaction tx) {
        return new HashSet<>(tx.handle()
                .createQuery("SELECT DISTINCT cluster_name, host FROM volumes WHERE NOT deleted AND host IS NOT NULL")
                .map((result, context) -> {
                    Row row = new Row(result);
                    return Volume.services(row.optionalText("cluster_name"), row.optionalText("host"));
                })
                .list());
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
                            updated_at = <utc>
                        WHERE id = :id AND NOT deleted
                          AND COALESCE(status, '') <is_exactly> :status
                          AND attach_status <is_exactly> :attachStatus
                          AND migration_status <is_exactly> :migrationStatus
                          AND :count = (SELECT count(*) FROM volume_attachment a
                                        WHERE a.volume_id = :id AND NOT a.deleted)
                          AND :count = (SELECT count(*) FROM volume_attachment a
                                        WHERE a.volume_id = :id AND NOT a.deleted AND a.id IN (<attachments>))
                        """)
                .bind("id", guard.id())
                .bind("newStatus", change.status().orElse(null))
                .bind("newAttachStatus", change.attachStatus().orElse(null))
                .bind("newMigrationStatus", change.migrationStatus().orElse(null))
                .bind("status", guard.status())
                .bind("attachStatus", guard.attachStatus().orElse(null))
                .bind("migrationStatus", guard.migrationStatus().orElse(null))
                .bind("count", guard.attachmentIds().size())
                .bindList(EmptyHandling.NULL_KEYWORD, "attachments", guard.attachmentIds())
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
        String derived = tx.handle()
                .createQuery("SELECT attach_status FROM volume_attachment"
                        + " WHERE volume_id = :id AND NOT deleted AND attach_status IS NOT NULL")
                .bind("id", volumeId)
                .mapTo(String.class)
                .stream()
                .filter(status -> !status.startsWith("error_"))
                .min(Comparator.naturalOrder())
                .orElse("detached");
        tx.handle()
                .createUpdate("""
                        UPDATE volumes
                        SET attach_status = :derived,
                            status = CASE
                                WHEN :derived = 'attached' THEN 'in-use'
                                WHEN :derived <> 'detached' THEN :derived
                                WHEN COALESCE(migration_status, '') NOT IN ('', 'success', 'error') THEN status
                                WHEN status = 'uploading' AND COALESCE(migration_status, '') = '' THEN status
                                ELSE 'available' END
                        WHERE id = :id AND NOT deleted
                        """)
                .bind("id", volumeId)
                .bind("derived", derived)
                .execute();
    }

    /** The time of change of a volume whose attachment was deleted through the API. */
    public void touch(Transaction tx, String volumeId) {
        tx.handle()
                .createUpdate("UPDATE volumes SET updated_at = <utc> WHERE id = :id AND NOT deleted")
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
                .createUpdate("UPDATE volumes SET status = :status, attach_status = :attachStatus, updated_at = <utc>"
                        + " WHERE id = :id AND NOT deleted AND status IN (<from>)")
                .bind("id", volumeId)
                .bind("status", status)
                .bind("attachStatus", attachStatus)
                .bindList("from", List.copyOf(from))
                .execute() == 1;
    }

    /** The same for the status alone: a reservation leaves {@code attach_status} as it is. */
    public boolean casStatus(Transaction tx, String volumeId, Set<String> from, String status) {
        return tx.handle()
                .createUpdate("UPDATE volumes SET status = :status, updated_at = <utc>"
                        + " WHERE id = :id AND NOT deleted AND status IN (<from>)")
                .bind("id", volumeId)
                .bind("status", status)
                .bindList("from", List.copyOf(from))
                .execute() == 1;
    }

    /**
     * Stores what the backend's driver says of the volume's export.
     *
     * @param host {@code host@backend} or {@code cluster@backend}: pools of it count too
     * @return false if the volume is not on that backend; nothing was changed
     */
    public boolean putProvider(
            Transaction tx, String volumeId, String host, Optional<String> location, Optional<String> auth) {
        return tx.handle()
                .createUpdate("UPDATE volumes SET provider_location = :location, provider_auth = :auth,"
                        + " updated_at = <utc>"
                        + " WHERE id = :id AND NOT deleted AND (host = :host OR host LIKE :pools ESCAPE '!'"
                        + " OR cluster_name = :host OR cluster_name LIKE :pools ESCAPE '!')")
                .bind("id", volumeId)
                .bind("host", host)
                .bind("pools", beginning(host + "#"))
                .bind("location", location.orElse(null))
                .bind("auth", auth.orElse(null))
                .execute() == 1;
    }

    /** Sets a pair of admin metadata, {@code attached_mode} for instance. Repeatable. */
    public void putAdminMetadata(Transaction tx, String volumeId, String key, String value) {
        // so that no two of us insert it; weaker than lock(), for a caller who has just inserted an attachment
        tx.handle()
                .createQuery("SELECT id FROM volumes WHERE id = :id <for_no_key_update>")
                .bind("id", volumeId)
                .mapTo(String.class)
                .findOne();
        Map<String, String> pair = Map.of("id", volumeId, "key", key, "value", value);
        int changed = tx.handle()
                .createUpdate("UPDATE volume_admin_metadata SET value = :value, updated_at = <utc>"
                        + " WHERE volume_id = :id AND \"key\" = :key AND NOT deleted")
                .bindMap(pair)
                .execute();
        if (changed == 0) {
            tx.handle()
                    .createUpdate("INSERT INTO volume_admin_metadata (created_at, deleted, volume_id, \"key\", value)"
                            + " VALUES (<utc>, false, :id, :key, :value)")
                    .bindMap(pair)
                    .execute();
        }
    }

    /** Soft-deletes a pair of admin metadata. Repeatable. */
    public void removeAdminMetadata(Transaction tx, String volumeId, String key) {
        tx.handle()
                .createUpdate("UPDATE volume_admin_metadata SET deleted = true, deleted_at = <utc>"
                        + " WHERE volume_id = :id AND \"key\" = :key AND NOT deleted")
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
        filter.projectId().ifPresent(project -> selection.and("v.project_id = ?", project));
        filter.name().ifPresent(name -> selection.and("v.display_name = ?", name));
        filter.host().ifPresent(host -> selection.and(IS_AT_HOST, host, beginning(host + "#"), beginning(host + "@")));
        filter.migrationStatus().ifPresent(status -> selection.and("v.migration_status = ?", status));
        if (!filter.statuses().isEmpty()) {
            selection.andIn("v.status", filter.statuses());
        }
        if (!filter.ids().isEmpty()) {
            selection.andIn("v.id", filter.ids());
        }
        filter.metadata().forEach((key, value) -> selection.and(HAS_PAIR, key, value, key, value));
        filter.conditions().forEach(condition -> ConditionSql.add(selection, condition));
        return selection;
    }

    /** A pattern for what begins with that text. */
    static String beginning(String text) {
        return text.replaceAll("[!%_]", "!$0") + "%";
    }

    private static String column(VolumeFilter.Key key) {
        return key == VolumeFilter.Key.NAME ? "display_name" : key.name().toLowerCase(Locale.ROOT);
    }
}
