package dev.reseat.api.store.nova;

import dev.reseat.api.model.Instance;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Nova's {@code instances}: reading them, locking them, and the record of actions that their users see. Stateless.
 * Texts for columns of 255 characters are cut to fit.
 */
public final class InstanceTable {
    private static final String REASON = "locked_reason";
    private static final int WIDTH = 255;
    private static final Pattern BEYOND_FIRST_PLANE = Pattern.compile("[\\x{10000}-\\x{10FFFF}]");

    @Inject
    public InstanceTable() {}

    /** One that is not deleted. */
    public Optional<Instance> find(Transaction tx, String uuid) {
        return tx.handle()
                .createQuery("SELECT * FROM instances WHERE uuid = :uuid AND deleted = 0")
                .bind("uuid", uuid)
                .map((result, context) -> instance(tx, new Row(result)))
                .findOne();
    }

    /**
     * Locks a stopped instance as its administrator, unless it is locked already: then nothing is changed, and the lock
     * it has stays as it is.
     *
     * @param reason told to users
     * @return false if it is locked, not stopped, busy with a task or gone
     */
    public boolean lock(Transaction tx, String uuid, String reason, Instant now) {
        boolean locked = tx.handle()
                .createUpdate("""
                        UPDATE instances SET locked = true, locked_by = 'admin', updated_at = :now
                        WHERE uuid = :uuid AND deleted = 0 AND vm_state = 'stopped' AND task_state IS NULL
                          AND NOT COALESCE(locked, false)
                        """)
                .bind("uuid", uuid)
                .bind("now", now)
                .execute() == 1;
        if (locked) {
            forgetReason(tx, uuid);
            tx.handle()
                    .createUpdate("""
                            INSERT INTO instance_system_metadata (instance_uuid, "key", value, created_at, deleted)
                            VALUES (:uuid, :key, :reason, :now, 0)
                            """)
                    .bind("uuid", uuid)
                    .bind("key", REASON)
                    .bind("reason", fit(tx, reason))
                    .bind("now", now)
                    .execute();
        }
        return locked;
    }

    /**
     * Keeps an instance stopped until the transaction ends: Nova writes its row before it starts it.
     *
     * @return false if it is not stopped, busy with a task or gone
     */
    public boolean holdStopped(Transaction tx, String uuid) {
        return tx.handle()
                .createQuery("SELECT id FROM instances WHERE uuid = :uuid AND deleted = 0 AND vm_state = 'stopped'"
                        + " AND task_state IS NULL FOR UPDATE")
                .bind("uuid", uuid)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    /**
     * Says that a task begins with an instance, as Nova's API does before it sends one to the host.
     *
     * @param vmState in which it must be
     * @return false if it is not, or busy, locked, on another host or gone
     */
    public boolean beginTask(Transaction tx, String uuid, String host, String vmState, String task, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE instances SET task_state = :task, updated_at = :now
                        WHERE uuid = :uuid AND deleted = 0 AND vm_state = :vmState AND task_state IS NULL
                          AND host = :host AND NOT COALESCE(locked, false)
                        """)
                .bind("uuid", uuid)
                .bind("host", host)
                .bind("vmState", vmState)
                .bind("task", task)
                .bind("now", now)
                .execute() == 1;
    }

    /** Takes {@link #beginTask} back: nobody was told. Repeatable. */
    public void forgetTask(Transaction tx, String uuid, String task, Instant now) {
        tx.handle()
                .createUpdate("UPDATE instances SET task_state = NULL, updated_at = :now"
                        + " WHERE uuid = :uuid AND deleted = 0 AND task_state = :task")
                .bind("uuid", uuid)
                .bind("task", task)
                .bind("now", now)
                .execute();
    }

    /** Takes away a lock that still carries this reason, and no other one. Repeatable. */
    public void unlock(Transaction tx, String uuid, String reason, Instant now) {
        int unlocked = tx.handle()
                .createUpdate("""
                        UPDATE instances SET locked = false, locked_by = NULL, updated_at = :now
                        WHERE uuid = :uuid AND deleted = 0 AND locked AND EXISTS (
                            SELECT 1 FROM instance_system_metadata m
                            WHERE m.instance_uuid = :uuid AND m.deleted = 0 AND m."key" = :key AND m.value = :reason)
                        """)
                .bind("uuid", uuid)
                .bind("key", REASON)
                .bind("reason", fit(tx, reason))
                .bind("now", now)
                .execute();
        if (unlocked == 1) {
            forgetReason(tx, uuid);
        }
    }

    /**
     * Records that an action began.
     *
     * @return its id, for what follows
     */
    public long startAction(
            Transaction tx,
            String uuid,
            String action,
            String requestId,
            String userId,
            String projectId,
            Instant now) {
        return tx.handle()
                .createUpdate("""
                        INSERT INTO instance_actions (instance_uuid, action, request_id, user_id, project_id,
                            start_time, created_at, updated_at, deleted)
                        VALUES (:uuid, :action, :requestId, :userId, :projectId, :now, :now, :now, 0)
                        """)
                .bind("uuid", uuid)
                .bind("action", action)
                .bind("requestId", requestId)
                .bind("userId", userId)
                .bind("projectId", projectId)
                .bind("now", now)
                .executeAndReturnGeneratedKeys("id")
                .mapTo(long.class)
                .one();
    }

    /** The action of that name and request that has not ended. */
    public Optional<Long> openAction(Transaction tx, String uuid, String action, String requestId) {
        return tx.handle()
                .createQuery("""
                        SELECT id FROM instance_actions
                        WHERE instance_uuid = :uuid AND action = :action AND request_id = :requestId
                          AND finish_time IS NULL AND deleted = 0
                        ORDER BY id LIMIT 1
                        """)
                .bind("uuid", uuid)
                .bind("action", action)
                .bind("requestId", requestId)
                .mapTo(Long.class)
                .findOne();
    }

    /** The request of the latest action of that name, whoever it is of; empty if there is none, or none is recorded. */
    public Optional<String> lastRequest(Transaction tx, String uuid, String action) {
        return tx.handle()
                .createQuery("SELECT request_id FROM instance_actions WHERE instance_uuid = :uuid AND action = :action"
                        + " AND deleted = 0 ORDER BY id DESC LIMIT 1")
                .bind("uuid", uuid)
                .bind("action", action)
                .mapTo(String.class)
                .findOne();
    }

    /** Records that an action ended. Repeatable: the first end stays. */
    public void finishAction(Transaction tx, long actionId, Optional<String> message, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE instance_actions SET finish_time = :now, updated_at = :now, message = :message
                        WHERE id = :id AND finish_time IS NULL
                        """)
                .bind("id", actionId)
                .bind("message", message.map(text -> fit(tx, text)).orElse(null))
                .bind("now", now)
                .execute();
    }

    /** Nova too deletes rows of system metadata for good. */
    private static void forgetReason(Transaction tx, String uuid) {
        tx.handle()
                .createUpdate("DELETE FROM instance_system_metadata WHERE instance_uuid = :uuid AND \"key\" = :key")
                .bind("uuid", uuid)
                .bind("key", REASON)
                .execute();
    }

    /** Cut to the width of the column; without characters beyond the first plane, which it has not on MariaDB. */
    private static String fit(Transaction tx, String given) {
        String text = switch (tx.dialect()) {
            case POSTGRESQL -> given;
            case MARIADB -> BEYOND_FIRST_PLANE.matcher(given).replaceAll("\uFFFD");
        };
        return text.codePointCount(0, text.length()) <= WIDTH
                ? text
                : text.substring(0, text.offsetByCodePoints(0, WIDTH));
    }

    private static Map<String, String> pairs(Transaction tx, String table, String uuid) {
        Map<String, String> pairs = new HashMap<>();
        tx.handle()
                .createQuery("SELECT \"key\", COALESCE(value, '') FROM " + table
                        + " WHERE instance_uuid = :uuid AND deleted = 0 AND \"key\" IS NOT NULL ORDER BY id")
                .bind("uuid", uuid)
                .map((result, context) -> Map.entry(result.getString(1), result.getString(2)))
                .forEach(pair -> pairs.put(pair.getKey(), pair.getValue()));
        return pairs;
    }

    private static Instance instance(Transaction tx, Row row) throws SQLException {
        String uuid = row.text("uuid");
        Map<String, String> systemMetadata = pairs(tx, "instance_system_metadata", uuid);
        return new Instance(
                row.integer("id"),
                uuid,
                row.optionalText("user_id"),
                row.optionalText("project_id"),
                row.optionalText("host"),
                row.optionalText("node"),
                row.optionalText("hostname"),
                row.optionalText("display_name"),
                row.optionalText("vm_state"),
                row.optionalText("task_state"),
                row.optionalInteger("power_state"),
                row.bool("locked"),
                row.optionalText("locked_by"),
                Optional.ofNullable(systemMetadata.get(REASON)),
                row.optionalInteger("memory_mb"),
                row.optionalInteger("vcpus"),
                row.optionalInteger("root_gb"),
                row.optionalInteger("ephemeral_gb"),
                row.optionalInteger("instance_type_id"),
                row.optionalText("image_ref"),
                row.optionalText("reservation_id"),
                row.optionalText("availability_zone"),
                row.optionalText("root_device_name"),
                row.optionalTime("created_at"),
                row.optionalTime("updated_at"),
                pairs(tx, "instance_metadata", uuid),
                systemMetadata);
    }
}
