package dev.reseat.api.store.nova;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Instance;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class InstanceTableIT {
    private static final InstanceTable INSTANCES = new InstanceTable();
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");
    private static final String REASON =
            "Refreshing connection_info for BDM b associated with instance i and volume v.";

    private static CloudFixture cloud;

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
    }

    @AfterAll
    static void close() {
        cloud.close();
    }

    @Test
    void anInstanceComesWithItsMetadata() {
        String uuid = cloud.instance(Map.of("memory_mb", 512, "task_state", "rebooting"));
        metadata("instance_metadata", uuid, "k", "v", 0);
        metadata("instance_metadata", uuid, "gone", "v", 7);
        metadata("instance_system_metadata", uuid, "image_hw_disk_bus", "virtio", 0);

        Instance instance = find(uuid).orElseThrow();

        assertThat(instance.host()).contains("host-a");
        assertThat(instance.vmState()).contains("stopped");
        assertThat(instance.taskState()).contains("rebooting");
        assertThat(instance.powerState()).contains(4);
        assertThat(instance.memoryMb()).contains(512);
        assertThat(instance.vcpus()).isEmpty();
        assertThat(instance.metadata()).containsExactly(Map.entry("k", "v"));
        assertThat(instance.systemMetadata()).containsExactly(Map.entry("image_hw_disk_bus", "virtio"));
        assertThat(instance.locked()).isFalse();
    }

    @Test
    void aDeletedInstanceIsNotThere() {
        assertThat(find(cloud.instance(Map.of("deleted", 5)))).isEmpty();
        assertThat(find("nope")).isEmpty();
    }

    @Test
    void aLockIsTheAdministratorsAndSaysWhy() {
        String uuid = cloud.instance();

        assertThat(lock(uuid, REASON)).isTrue();

        Instance locked = find(uuid).orElseThrow();
        assertThat(locked.locked()).isTrue();
        assertThat(locked.lockedBy()).contains("admin");
        assertThat(locked.lockedReason()).contains(REASON);
        assertThat(locked.updatedAt()).contains(EmbeddedDatabase.kept(NOW));

        unlock(uuid, REASON);
        unlock(uuid, REASON);

        Instance unlocked = find(uuid).orElseThrow();
        assertThat(unlocked.locked()).isFalse();
        assertThat(unlocked.lockedBy()).isEmpty();
        assertThat(unlocked.lockedReason()).isEmpty();
        assertThat(cloud.rows(cloud.nova(), "SELECT id FROM instance_system_metadata WHERE instance_uuid = ?", uuid))
                .isEmpty();
    }

    @Test
    void aLockOfSomebodyElseStaysAsItIs() {
        String uuid = cloud.instance(Map.of("locked", true));
        cloud.execute(cloud.nova(), "UPDATE instances SET locked_by = 'owner' WHERE uuid = ?", uuid);
        metadata("instance_system_metadata", uuid, "locked_reason", "mine", 0);

        assertThat(lock(uuid, REASON)).isFalse();
        unlock(uuid, REASON);

        Instance instance = find(uuid).orElseThrow();
        assertThat(instance.locked()).isTrue();
        assertThat(instance.lockedBy()).contains("owner");
        assertThat(instance.lockedReason()).contains("mine");
    }

    @Test
    void onlyAStoppedInstanceWithoutATaskIsLocked() {
        assertThat(lock(cloud.instance(Map.of("vm_state", "active")), REASON)).isFalse();
        assertThat(lock(cloud.instance(Map.of("task_state", "powering-on")), REASON)).isFalse();
        assertThat(lock(cloud.instance(Map.of("deleted", 3)), REASON)).isFalse();
        assertThat(lock("nope", REASON)).isFalse();
    }

    @Test
    void aReasonThatIsTooLongIsCutAndStillFound() {
        String uuid = cloud.instance();
        String reason = "🔒".repeat(300);

        assertThat(lock(uuid, reason)).isTrue();
        assertThat(find(uuid).orElseThrow().lockedReason()).contains(switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> "🔒".repeat(255);
            case MARIADB -> "\uFFFD".repeat(255); // its tables have no such characters
        });
        unlock(uuid, reason);
        assertThat(find(uuid).orElseThrow().locked()).isFalse();
    }

    @Test
    void anActionTellsItsStory() {
        String uuid = cloud.instance();
        Instant later = NOW.plusSeconds(9);

        long action = cloud.nova()
                .transaction(
                        tx -> INSTANCES.startAction(tx, uuid, "refresh_volume_attachment", "req-1", null, null, NOW));
        cloud.nova().run(tx -> INSTANCES.finishAction(tx, action, Optional.of("x".repeat(300)), later));
        cloud.nova().run(tx -> INSTANCES.finishAction(tx, action, Optional.empty(), later.plusSeconds(1)));

        Map<String, Object> row = cloud.row(
                cloud.nova(),
                "SELECT action, request_id, user_id, message, deleted, start_time, finish_time"
                        + " FROM instance_actions WHERE instance_uuid = ?",
                uuid);
        assertThat(row)
                .containsEntry("action", "refresh_volume_attachment")
                .containsEntry("request_id", "req-1")
                .containsEntry("user_id", null)
                .containsEntry("message", "x".repeat(255))
                .containsEntry("deleted", 0)
                .containsEntry("start_time", stored(NOW))
                .containsEntry("finish_time", stored(later));
    }

    @Test
    void whoseActionWasTheLastIsKnownByItsRequest() {
        String uuid = cloud.instance();
        String other = cloud.instance();
        for (String request : new String[]{"req-1", "req-2"}) {
            cloud.nova().run(tx -> INSTANCES.startAction(tx, uuid, "stop", request, null, null, NOW));
        }
        cloud.nova().run(tx -> INSTANCES.startAction(tx, uuid, "start", "req-3", null, null, NOW));
        cloud.nova().run(tx -> INSTANCES.startAction(tx, other, "stop", "req-4", null, null, NOW));

        assertThat(last(uuid, "stop")).contains("req-2");
        assertThat(last(uuid, "start")).contains("req-3");
        assertThat(last(other, "start")).isEmpty();
        cloud.insert(cloud.nova(), "instance_actions", Map.of("instance_uuid", uuid, "action", "stop", "deleted", 0));
        assertThat(last(uuid, "stop")).as("one without a request").isEmpty();
    }

    private static Optional<String> last(String uuid, String action) {
        return cloud.nova().transaction(tx -> INSTANCES.lastRequest(tx, uuid, action));
    }

    private static Timestamp stored(Instant time) {
        return Timestamp.valueOf(LocalDateTime.ofInstant(EmbeddedDatabase.kept(time), ZoneOffset.UTC));
    }

    private static void metadata(String table, String uuid, String key, String value, int deleted) {
        cloud.insert(
                cloud.nova(), table, Map.of("instance_uuid", uuid, "key", key, "value", value, "deleted", deleted));
    }

    private static boolean lock(String uuid, String reason) {
        return cloud.nova().transaction(tx -> INSTANCES.lock(tx, uuid, reason, NOW));
    }

    private static void unlock(String uuid, String reason) {
        cloud.nova().run(tx -> INSTANCES.unlock(tx, uuid, reason, NOW));
    }

    private static Optional<Instance> find(String uuid) {
        return cloud.nova().transaction(tx -> INSTANCES.find(tx, uuid));
    }
}
