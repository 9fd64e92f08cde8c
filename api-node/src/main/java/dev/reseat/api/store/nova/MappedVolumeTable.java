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
                        WHERE b.volume_id = ANY(:ids) AND b.deleted = 0 AND b.uuid IS NOT NULL ORDER BY b.id
                        """)
                .bindArray("ids", String.class, volumeIds)
                .map((result, context) -> mapped(new Row(result)))
                .list();
    }

    /** Those of these instances that there are and that are not stopped: with a task in flight, or a guest. */
    public Set<String> running(Transaction tx, Collection<String> instanceIds) {
        return new HashSet<>(tx.handle()
                .createQuery("""
                        SELECT uuid FROM instances
                        WHERE uuid = ANY(:ids) AND deleted = 0 AND (vm_state IS DISTINCT FROM 'stopped'
                          OR task_state IS NOT NULL OR COALESCE(power_state, 0) IN (1, 3, 7))
                        """)
                .bindArray("ids", String.class, instanceIds)
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
