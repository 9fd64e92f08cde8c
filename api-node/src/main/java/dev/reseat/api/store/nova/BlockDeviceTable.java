package dev.reseat.api.store.nova;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Nova's {@code block_device_mapping}; rows that are not deleted. Stateless. */
public final class BlockDeviceTable {
    private static final String SELECT = "SELECT * FROM block_device_mapping WHERE deleted = 0 AND ";

    @Inject
    public BlockDeviceTable() {}

    public Optional<BlockDevice> find(Transaction tx, String uuid) {
        return tx.handle()
                .createQuery(SELECT + "uuid = :uuid")
                .bind("uuid", uuid)
                .map((result, context) -> blockDevice(new Row(result)))
                .findOne();
    }

    /** The mappings of a volume into an instance, oldest first: one, unless something went wrong. */
    public List<BlockDevice> find(Transaction tx, String instanceUuid, String volumeId) {
        return tx.handle()
                .createQuery(SELECT + "instance_uuid = :instanceUuid AND volume_id = :volumeId ORDER BY id")
                .bind("instanceUuid", instanceUuid)
                .bind("volumeId", volumeId)
                .map((result, context) -> blockDevice(new Row(result)))
                .list();
    }

    /** As {@link #find}, and until the transaction ends nobody changes or deletes them. */
    public List<BlockDevice> findLocked(Transaction tx, String instanceUuid, String volumeId) {
        return tx.handle()
                .createQuery(SELECT + "instance_uuid = :instanceUuid AND volume_id = :volumeId ORDER BY id FOR UPDATE")
                .bind("instanceUuid", instanceUuid)
                .bind("volumeId", volumeId)
                .map((result, context) -> blockDevice(new Row(result)))
                .list();
    }

    /** Every mapping of a volume, oldest first. */
    public List<BlockDevice> ofVolume(Transaction tx, String volumeId) {
        return tx.handle()
                .createQuery(SELECT + "volume_id = :volumeId ORDER BY id")
                .bind("volumeId", volumeId)
                .map((result, context) -> blockDevice(new Row(result)))
                .list();
    }

    /** All of an instance, oldest first; not volumes only. */
    public List<BlockDevice> ofInstance(Transaction tx, String instanceUuid) {
        return tx.handle()
                .createQuery(SELECT + "instance_uuid = :instanceUuid ORDER BY id")
                .bind("instanceUuid", instanceUuid)
                .map((result, context) -> blockDevice(new Row(result)))
                .list();
    }

    /**
     * Replaces attachment id and connection_info if they are still those the guard names and the instance is stopped,
     * with no task in flight. The new values are stored as
     * given, secrets in clear, as Nova stores them; empty is NULL.
     *
     * @return false if somebody else changed or deleted the mapping, or started the instance; nothing was changed
     */
    public boolean saveConnection(
            Transaction tx,
            BlockDevice.Guard guard,
            Optional<String> attachmentId,
            Optional<String> connectionInfoJson,
            Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE block_device_mapping
                        SET attachment_id = :newAttachmentId, connection_info = :newConnectionInfo, updated_at = :now
                        WHERE id = :id AND uuid = :uuid AND deleted = 0
                          AND attachment_id <is_exactly> :attachmentId
                          AND connection_info <is_exactly> :connectionInfo
                          AND EXISTS (SELECT 1 FROM instances i WHERE i.uuid = block_device_mapping.instance_uuid
                              AND i.deleted = 0 AND i.vm_state = 'stopped' AND i.task_state IS NULL)
                        """)
                .bind("id", guard.id())
                .bind("uuid", guard.uuid())
                .bind("attachmentId", guard.attachmentId().orElse(null))
                .bind("connectionInfo", guard.connectionInfo().orElse(null))
                .bind("newAttachmentId", attachmentId.orElse(null))
                .bind("newConnectionInfo", connectionInfoJson.orElse(null))
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * Soft-deletes a mapping as Nova does, if it is still what the guard names, and its instance exists without a task
     * in flight and does not boot from it.
     *
     * @return false if one of these does not hold; nothing was changed
     */
    public boolean softDelete(Transaction tx, BlockDevice.Guard guard, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE block_device_mapping SET deleted = id, deleted_at = :now
                        WHERE id = :id AND uuid = :uuid AND deleted = 0 AND COALESCE(boot_index, -1) <> 0
                          AND attachment_id <is_exactly> :attachmentId
                          AND connection_info <is_exactly> :connectionInfo
                          AND EXISTS (SELECT 1 FROM instances i WHERE i.uuid = block_device_mapping.instance_uuid
                              AND i.deleted = 0 AND i.task_state IS NULL)
                        """)
                .bind("id", guard.id())
                .bind("uuid", guard.uuid())
                .bind("attachmentId", guard.attachmentId().orElse(null))
                .bind("connectionInfo", guard.connectionInfo().orElse(null))
                .bind("now", now)
                .execute() == 1;
    }

    /**
     * Takes {@link #softDelete} back, if the row still is as it was left, and its instance exists without a task in
     * flight.
     *
     * @return false if one of these does not hold; nothing was changed
     */
    public boolean undelete(Transaction tx, int id, String uuid, Optional<String> attachmentId) {
        return tx.handle()
                .createUpdate("""
                        UPDATE block_device_mapping SET deleted = 0, deleted_at = NULL
                        WHERE id = :id AND uuid = :uuid AND deleted = id
                          AND attachment_id <is_exactly> :attachmentId
                          AND EXISTS (SELECT 1 FROM instances i WHERE i.uuid = block_device_mapping.instance_uuid
                              AND i.deleted = 0 AND i.task_state IS NULL)
                        """)
                .bind("id", id)
                .bind("uuid", uuid)
                .bind("attachmentId", attachmentId.orElse(null))
                .execute() == 1;
    }

    private static BlockDevice blockDevice(Row row) throws SQLException {
        return new BlockDevice(
                row.integer("id"),
                row.optionalText("uuid").orElse(""),
                row.optionalText("instance_uuid").orElse(""),
                row.optionalText("volume_id"),
                row.optionalText("attachment_id"),
                row.optionalText("connection_info"),
                row.optionalText("device_name"),
                row.optionalText("device_type"),
                row.optionalText("disk_bus"),
                row.optionalText("guest_format"),
                row.optionalText("source_type"),
                row.optionalText("destination_type"),
                row.optionalText("snapshot_id"),
                row.optionalText("image_id"),
                row.optionalInteger("volume_size"),
                row.optionalText("volume_type"),
                row.optionalInteger("boot_index"),
                row.bool("delete_on_termination"),
                row.bool("no_device"),
                row.optionalText("tag"),
                row.optionalBool("encrypted"),
                row.optionalText("encryption_secret_uuid"),
                row.optionalText("encryption_format"),
                row.optionalText("encryption_options"),
                row.optionalTime("created_at"),
                row.optionalTime("updated_at"));
    }
}
