package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.cinder.OperationTable;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.contract.state.CinderOperation;
import dev.reseat.testing.CloudFixture;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a volume-manager in place of a cinder-volume has written, in Cinder's tables. */
@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
final class VolumeServicesIT {
    private static final String HOST = "host-1@file";

    private final CloudFixture cloud = CloudFixture.open();
    private final ServiceTable services = new ServiceTable();
    private final UnservedOperations unserved = new UnservedOperations(cloud.database(), new OperationTable());

    /** Tables that laboratories have not, as far as they matter here. */
    @BeforeEach
    void makeTables() {
        String common = "id varchar(36) NOT NULL PRIMARY KEY, status varchar(255), project_id varchar(255),"
                + " created_at timestamp NULL, updated_at timestamp NULL, deleted boolean";
        for (String table : List.of(
                "snapshots (volume_id varchar(36), group_snapshot_id varchar(36), ",
                "backups (volume_id varchar(36), ", "group_snapshots (",
                "\"groups\" (replication_status varchar(255), ")) {
            cloud.execute(cloud.cinder(), "CREATE TABLE " + table + common + ")");
        }
        cloud.execute(cloud.cinder(), "CREATE TABLE messages (id varchar(36) NOT NULL PRIMARY KEY, project_id"
                + " varchar(255) NOT NULL, request_id varchar(255), resource_type varchar(36), resource_uuid"
                + " varchar(255), event_id varchar(255) NOT NULL, message_level varchar(255) NOT NULL, detail_id"
                + " varchar(10), action_id varchar(10), expires_at timestamp NULL, created_at timestamp NULL,"
                + " deleted boolean)");
    }

    @AfterEach
    void close() {
        for (String table : List.of("messages", "\"groups\"", "group_snapshots", "backups", "snapshots")) {
            cloud.execute(cloud.cinder(), "DROP TABLE " + table);
        }
        cloud.close();
    }

    private Map<String, Object> volume(String id) {
        return cloud.row(cloud.cinder(), "SELECT * FROM volumes WHERE id = ?", id);
    }

    private String made(String table, Map<String, Object> more) {
        String id = UUID.randomUUID().toString();
        Map<String, Object> row = new HashMap<>(Map.of(
                "id", id, "project_id", CloudFixture.PROJECT, "deleted", false));
        row.putAll(more);
        return cloud.insert(cloud.cinder(), table, row);
    }

    private Object column(String table, String column, String id) {
        return cloud.row(cloud.cinder(), "SELECT * FROM " + table + " WHERE id = ?", id).get(column);
    }

    private List<Map<String, Object>> messages() {
        return cloud.rows(cloud.cinder(), "SELECT * FROM messages ORDER BY created_at");
    }

    @Test
    void aServiceThatReportsHasARowThatCounts() {
        for (int reports = 0; reports < 3; reports++) {
            cloud.cinder().run(tx -> services.report(tx, HOST, Optional.empty(), "az-1", "3.18", "1.39"));
        }

        Map<String, Object> row = cloud.row(cloud.cinder(), "SELECT * FROM services");
        assertThat(row).containsEntry("host", HOST)
                .containsEntry("binary", "cinder-volume")
                .containsEntry("topic", "cinder-volume")
                .containsEntry("report_count", 2)
                .containsEntry("disabled", false)
                .containsEntry("frozen", false)
                .containsEntry("deleted", false)
                .containsEntry("availability_zone", "az-1")
                .containsEntry("rpc_current_version", "3.18")
                .containsEntry("object_current_version", "1.39")
                .containsEntry("cluster_name", null);
        assertThat(row.get("uuid").toString()).hasSize(36);
        Optional<Boolean> up = cloud.cinder().transaction(tx -> services.isUp(tx, HOST + "#pool"));
        assertThat(up).contains(true);
    }

    @Test
    void whatAnAdministratorHasSetStays() {
        cloud.insert(cloud.cinder(), "services", Map.of(
                "host", HOST, "binary", "cinder-volume", "topic", "cinder-volume", "report_count", 41, "disabled", true,
                "disabled_reason", "disks", "frozen", true, "deleted", false));

        cloud.cinder().run(tx -> services.report(tx, HOST, Optional.empty(), "nova", "3.18", "1.39"));

        assertThat(cloud.row(cloud.cinder(), "SELECT * FROM services")).containsEntry("report_count", 42)
                .containsEntry("disabled", true)
                .containsEntry("disabled_reason", "disks")
                .containsEntry("frozen", true)
                .containsEntry("rpc_current_version", "3.18");
    }

    @ParameterizedTest
    @CsvSource({
            "create_volume, creating, error, 008, 012",
            "delete_volume, deleting, error_deleting, 000, 001",
            "extend_volume, extending, error_extending, 007, 010",
            "manage_existing, managing, error_managing, 000, 001",
            "retype, retyping, available, 000, 001",
            "copy_volume_to_image, uploading, available, 003, 004",
            "reimage, downloading, available, 016, 028",
    })
    void aVolumeDoesNotWaitForEver(String method, String from, String to, String action, String detail) {
        String volume = cloud.volume(from);
        String other = cloud.volume(from);

        List<String> changes = unserved.settle(ADMIN, operation(method), volume);

        assertThat(changes).singleElement().asString().contains(volume);
        assertThat(volume(volume)).containsEntry("status", to).containsEntry("attach_status", "detached");
        assertThat(volume(volume).get("updated_at")).isNotNull();
        assertThat(volume(other)).containsEntry("status", from);
        assertThat(messages()).singleElement()
                .satisfies(message -> assertThat(message)
                        .containsEntry("resource_uuid", volume)
                        .containsEntry("resource_type", "VOLUME")
                        .containsEntry("action_id", action)
                        .containsEntry("detail_id", detail)
                        .containsEntry("event_id", "VOLUME_VOLUME_" + action + "_" + detail)
                        .containsEntry("message_level", "ERROR")
                        .containsEntry("project_id", CloudFixture.PROJECT)
                        .containsEntry("request_id", "req-test"));

        assertThat(unserved.settle(ADMIN, operation(method), volume)).as("once more").isEmpty();
        assertThat(messages()).hasSize(1);
    }

    private static CinderOperation operation(String method) {
        return CinderOperation.of(method).orElseThrow();
    }

    @Test
    void oneThatIsAttachedIsInUseAgain() {
        String volume = cloud.volume("retyping");
        cloud.attachment(volume, "attached");

        unserved.settle(ADMIN, CinderOperation.RETYPE, volume);

        assertThat(volume(volume)).containsEntry("status", "in-use");
    }

    @Test
    void aMigrationFailsAndNothingElseOfTheVolumeChanges() {
        String volume = cloud.volume(Map.of("status", "maintenance", "migration_status", "starting"));
        String kept = cloud.volume("maintenance"); // an administrator's

        unserved.settle(ADMIN, CinderOperation.MIGRATE_VOLUME, volume);
        unserved.settle(ADMIN, CinderOperation.MIGRATE_VOLUME, kept);

        assertThat(volume(volume)).containsEntry("status", "available").containsEntry("migration_status", "error");
        assertThat(volume(kept)).containsEntry("status", "maintenance").containsEntry("migration_status", null);
    }

    @Test
    void theRowByWhichAServiceWouldGoOnIsRemoved() {
        String volume = cloud.volume("deleting");
        cloud.insert(cloud.cinder(), "workers", Map.of(
                "resource_type", "Volume", "resource_id", volume, "status", "deleting", "race_preventer", 0));

        unserved.settle(ADMIN, CinderOperation.DELETE_VOLUME, volume);

        assertThat(cloud.rows(cloud.cinder(), "SELECT * FROM workers WHERE resource_id = ?", volume)).isEmpty();
    }

    @Test
    void whatElseItConcernsFollows() {
        String volume = cloud.volume("reverting");
        String snapshot = made("snapshots", Map.of("status", "restoring", "volume_id", volume));
        String backedUp = cloud.volume("backing-up");
        String backup = made("backups", Map.of("status", "creating", "volume_id", backedUp));
        String group = made("\"groups\"", Map.of("status", "deleting"));
        String member = cloud.volume(Map.of("status", "deleting", "group_id", group));
        String groupSnapshot = made("group_snapshots", Map.of("status", "creating"));
        String part = made("snapshots", Map.of("status", "creating", "group_snapshot_id", groupSnapshot));
        String lone = made("snapshots", Map.of("status", "deleting"));

        unserved.settle(ADMIN, CinderOperation.REVERT_TO_SNAPSHOT, volume);
        unserved.settle(ADMIN, CinderOperation.GET_BACKUP_DEVICE, backup);
        unserved.settle(ADMIN, CinderOperation.DELETE_GROUP, group);
        unserved.settle(ADMIN, CinderOperation.CREATE_GROUP_SNAPSHOT, groupSnapshot);
        unserved.settle(ADMIN, CinderOperation.DELETE_SNAPSHOT, lone);

        assertThat(volume(volume)).containsEntry("status", "available");
        assertThat(column("snapshots", "status", snapshot)).isEqualTo("available");
        assertThat(volume(backedUp)).containsEntry("status", "available");
        assertThat(column("backups", "status", backup)).isEqualTo("error");
        assertThat(column("\"groups\"", "status", group)).isEqualTo("error_deleting");
        assertThat(volume(member)).containsEntry("status", "error_deleting");
        assertThat(column("group_snapshots", "status", groupSnapshot)).isEqualTo("error");
        assertThat(column("snapshots", "status", part)).isEqualTo("error");
        assertThat(column("snapshots", "status", lone)).isEqualTo("error_deleting");
        assertThat(messages()).extracting(message -> message.get("event_id"))
                .containsExactlyInAnyOrder(
                        "VOLUME_VOLUME_000_001", "VOLUME_VOLUME_BACKUP_013_019", "VOLUME_VOLUME_SNAPSHOT_010_016");
    }

    @Test
    void everyOperationThatIsNotServedHasAnEnd() {
        assertThat(Arrays.stream(CinderOperation.values()).map(OperationEnding::of)).doesNotContainNull()
                .allSatisfy(endings -> assertThat(endings).isNotEmpty());
        assertThat(unserved.settle(ADMIN, CinderOperation.FAILOVER, HOST)).isEmpty();
        assertThat(unserved.settle(ADMIN, CinderOperation.ENABLE_REPLICATION, "none")).isEmpty();
    }

    @Test
    void whatCannotBeToldToItsProjectIsSettledAllTheSame() {
        String volume = cloud.volume("deleting");
        cloud.execute(cloud.cinder(), "ALTER TABLE messages RENAME TO messages_away");
        try {
            assertThat(unserved.settle(ADMIN, CinderOperation.DELETE_VOLUME, volume)).isNotEmpty();
        } finally {
            cloud.execute(cloud.cinder(), "ALTER TABLE messages_away RENAME TO messages");
        }
        assertThat(volume(volume)).containsEntry("status", "error_deleting");
    }
}
