package dev.reseat.api.store.nova;

import dev.reseat.api.model.MappedVolume;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.EmptyHandling;

/** Which instances have which volumes, for many at a time; deleted ones are not seen. Stateless. */
public final class MappedVolumeTable {
    @Inject
    public MappedVolumeTable() {}

    /** Every mapping of these volumes into an instance that there is, oldest first. */
    public List<MappedVolume> ofVolumes(Transaction tx, Collection<String> volumeIds) {
        return tx.handle()
                .createQuery("""
                        SELECT b.uuid, b.volume_id, b.instance_uuid, i.host, b.attachment_id, b.connection_info
                        FROM block_device_mapping b JOIN instances i ON i.uuid = b.instance_uuid AND i.deleted = 0
                        WHERE b.volume_id IN (<ids>) AND b.deleted = 0 AND b.uuid IS NOT NULL ORDER BY b.id
                        """)
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(volumeIds))
                .map((result, context) -> mapped(new Row(result)))
                .list();
    }

    /** Ids of volumes that instances have mapped, each once, in the database's order, after one of them. */
    public List<String> mappedIds(Transaction tx, String after, int limit) {
        return tx.handle()
                .createQuery("""
                        SELECT DISTINCT b.volume_id FROM block_device_mapping b
                        JOIN instances i ON i.uuid = b.instance_uuid AND i.deleted = 0
                        WHERE b.deleted = 0 AND b.volume_id > :after ORDER BY b.volume_id LIMIT :limit
                        """)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    /** Those of these instances that there are and that are not stopped: with a task in flight, or a guest. */
    public Set<String> running(Transaction tx, Collection<String> instanceIds) {
        return new HashSet<>(tx.handle()
                .createQuery("""
                        SELECT uuid FROM instances
                        WHERE uuid IN (<ids>) AND deleted = 0 AND (COALESCE(vm_state, '') <> 'stopped'
                          OR task_state IS NOT NULL OR COALESCE(power_state, 0) IN (1, 3, 7))
                        """)
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(instanceIds))
                .mapTo(String.class)
                .list());
    }

    /** Those of these instances that there are. */
    public Set<String> present(Transaction tx, Collection<String> instanceIds) {
        return new HashSet<>(tx.handle()
                .createQuery("SELECT uuid FROM instances WHERE uuid IN (<ids>) AND deleted = 0")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", List.copyOf(instanceIds))
                .mapTo(String.class)
                .list());
    }

    private static MappedVolume mapped(Row row) throws SQLException {
        return new MappedVolume(
                row.text("uuid"),
                row.text("volume_id"),
                row.text("instance_uuid"),
                row.optionalText("host"),
                row.optionalText("attachment_id"),
                row.optionalText("connection_info"));
    }
}
