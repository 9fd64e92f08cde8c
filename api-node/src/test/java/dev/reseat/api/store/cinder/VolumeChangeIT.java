package dev.reseat.api.store.cinder;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Volume;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.OtherTransaction;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("database")
@Tag("any-database")
final class VolumeChangeIT {
    private static final VolumeTable VOLUMES = new VolumeTable();
    private static final AttachmentTable ATTACHMENTS = new AttachmentTable();
    private static final StateChange TO_ERROR = status("error");
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");

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
    void onlyTheGivenColumnsAreSet() {
        String id =
                cloud.volume(Map.of("status", "detaching", "previous_status", "in-use", "migration_status", "error"));

        assertThat(change(find(id).guard(), TO_ERROR)).isTrue();

        Volume changed = find(id);
        assertThat(changed.status()).isEqualTo("error");
        assertThat(changed.attachStatus()).contains("detached");
        assertThat(changed.migrationStatus()).contains("error");
        assertThat(changed.previousStatus()).contains("in-use");
        assertThat(changed.updatedAt()).isPresent();
    }

    @Test
    void migrationStatusNoneIsNull() {
        String id = cloud.volume(Map.of("migration_status", "migrating"));

        assertThat(change(find(id).guard(),
                new StateChange(Optional.empty(), Optional.of("attached"), Optional.of("none"))))
                .isTrue();

        assertThat(find(id).migrationStatus()).isEmpty();
        assertThat(find(id).attachStatus()).contains("attached");
    }

    @ParameterizedTest
    @CsvSource({
            "UPDATE volumes SET status = 'deleting' WHERE id = ?",
            "UPDATE volumes SET status = NULL WHERE id = ?",
            "UPDATE volumes SET attach_status = NULL WHERE id = ?",
            "UPDATE volumes SET migration_status = 'starting' WHERE id = ?",
            "UPDATE volumes SET deleted = true WHERE id = ?",
            "UPDATE volume_attachment SET deleted = true WHERE volume_id = ?",
    })
    void nothingChangesWhenTheVolumeIsNotAsItWasRead(String meanwhile) {
        String id = cloud.volume("detaching");
        cloud.attachment(id, "attached");
        Volume.Guard guard = find(id).guard();
        cloud.execute(cloud.cinder(), meanwhile, id);

        assertThat(change(guard, TO_ERROR)).isFalse();

        assertThat(cloud.row(cloud.cinder(), "SELECT status FROM volumes WHERE id = ?", id).get("status"))
                .isNotEqualTo("error");
    }

    @Test
    void anotherAttachmentOfTheSameNumberIsAnotherState() {
        String id = cloud.volume("in-use");
        String attachment = cloud.attachment(id, "attached");
        Volume.Guard guard = find(id).guard();
        cloud.cinder().run(tx -> ATTACHMENTS.softDelete(tx, attachment, NOW));
        cloud.attachment(id, "attached");

        assertThat(change(guard, TO_ERROR)).isFalse();
    }

    @Test
    void ofTwoWritersWithTheSameGuardOneWins() throws Exception {
        String id = cloud.volume("detaching");
        Volume.Guard guard = find(id).guard();

        try (OtherTransaction first = OtherTransaction.on(cloud.cinder())) {
            assertThat(
                    first.<Boolean>run(tx -> VOLUMES.change(tx, guard, status("available"))))
                    .isTrue();
            CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> change(guard, TO_ERROR));
            first.awaitBlocked(cloud.cinder());
            assertThat(second).isNotDone();
            first.commit();
            assertThat(second.get(10, SECONDS)).isFalse();
        }

        assertThat(find(id).status()).isEqualTo("available");
    }

    @Test
    void anAttachmentMadeMeanwhileIsSeenEvenIfItIsCommittedLate() throws Exception {
        String id = cloud.volume("available");
        Volume.Guard guard = find(id).guard();

        try (OtherTransaction cinder = OtherTransaction.on(cloud.cinder())) {
            cinder.run(tx -> {
                ATTACHMENTS.insertReserved(tx, "late-" + id.substring(5), id, Optional.empty(), Optional.empty(), NOW);
                return true;
            });
            CompletableFuture<Boolean> change = CompletableFuture.supplyAsync(() -> change(guard, TO_ERROR));
            cinder.awaitBlocked(cloud.cinder());
            cinder.commit();
            assertThat(change.get(10, SECONDS)).isFalse();
        }

        assertThat(find(id).status()).isEqualTo("available");
    }

    @Test
    void whenTheOtherOneGivesUpTheWaitingOneGoesOn() throws Exception {
        String id = cloud.volume("detaching");
        Volume.Guard guard = find(id).guard();

        try (OtherTransaction first = OtherTransaction.on(cloud.cinder())) {
            first.<Boolean>run(tx -> VOLUMES.change(tx, guard, status("available")));
            CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> change(guard, TO_ERROR));
            first.awaitBlocked(cloud.cinder());
            first.rollback();
            assertThat(second.get(10, SECONDS)).isTrue();
        }

        assertThat(find(id).status()).isEqualTo("error");
    }

    @ParameterizedTest
    @CsvSource({
            // attachments left, status before, migration status, status after, attach status after
            "attached attaching detaching reserved, detaching, , in-use, attached",
            "reserved detaching attaching, in-use, , attaching, attaching",
            "reserved detaching, in-use, , detaching, detaching",
            "reserved, in-use, , reserved, reserved",
            "reserved error_attaching, in-use, , reserved, reserved",
            "error_attaching error_detaching, in-use, , available, detached",
            "'', in-use, , available, detached",
            "'', error, , available, detached",
            "'', uploading, , uploading, detached",
            "'', in-use, migrating, in-use, detached",
            "'', in-use, success, available, detached",
            "'', in-use, error, available, detached",
            "'', uploading, success, available, detached",
            "attached, uploading, migrating, in-use, attached",
    })
    void statusFollowsFromTheAttachmentsThatAreLeft(
            String left, String status, String migrationStatus, String expected, String expectedAttachStatus) {
        Map<String, Object> columns = new HashMap<>(Map.of("status", status, "attach_status", "attached"));
        columns.put("updated_at", CloudFixture.EPOCH);
        if (migrationStatus != null) {
            columns.put("migration_status", migrationStatus);
        }
        String id = cloud.volume(columns);
        Arrays.stream(left.split(" ")).filter(word -> !word.isEmpty()).forEach(word -> cloud.attachment(id, word));
        cloud.attachment(id, Map.of("attach_status", "attached", "deleted", true));

        cloud.cinder().run(tx -> VOLUMES.deriveStatus(tx, id));
        cloud.cinder().run(tx -> VOLUMES.deriveStatus(tx, id));

        Volume volume = find(id);
        assertThat(volume.status()).isEqualTo(expected);
        assertThat(volume.attachStatus()).contains(expectedAttachStatus);
        assertThat(volume.migrationStatus()).isEqualTo(Optional.ofNullable(migrationStatus));
        assertThat(volume.updatedAt()).contains(EmbeddedDatabase.kept(CloudFixture.EPOCH));
    }

    @Test
    void casStatusMovesOnlyFromTheNamedStates() {
        String id = cloud.volume("available");

        assertThat(cas(id, Set.of("in-use", "reserved"), "attaching")).isFalse();
        assertThat(find(id).status()).isEqualTo("available");
        assertThat(cas(id, Set.of("available", "reserved"), "attaching")).isTrue();
        assertThat(find(id).status()).isEqualTo("attaching");
        assertThat(find(id).attachStatus()).contains("attaching");
        assertThat(cas(id, Set.of("available", "reserved"), "attaching")).isFalse();
        assertThat(cas("nope", Set.of("available"), "attaching")).isFalse();
    }

    @Test
    void reservingLeavesTheAttachStatus() {
        String id = cloud.volume("available");

        assertThat(
                cloud.cinder().<Boolean>transaction(tx -> VOLUMES.casStatus(tx, id, Set.of("available"), "reserved")))
                .isTrue();

        assertThat(find(id).status()).isEqualTo("reserved");
        assertThat(find(id).attachStatus()).contains("detached");
    }

    @Test
    void adminMetadataIsReplacedAndSoftDeleted() {
        String id = cloud.volume("in-use");

        cloud.cinder().run(tx -> VOLUMES.putAdminMetadata(tx, id, "attached_mode", "rw"));
        cloud.cinder().run(tx -> VOLUMES.putAdminMetadata(tx, id, "attached_mode", "ro"));
        assertThat(find(id).adminMetadata()).containsExactly(Map.entry("attached_mode", "ro"));

        cloud.cinder().run(tx -> VOLUMES.removeAdminMetadata(tx, id, "attached_mode"));
        cloud.cinder().run(tx -> VOLUMES.removeAdminMetadata(tx, id, "attached_mode"));
        assertThat(find(id).adminMetadata()).isEmpty();
        List<Map<String, Object>> rows = cloud.rows(
                cloud.cinder(), "SELECT value, deleted, deleted_at FROM volume_admin_metadata WHERE volume_id = ?", id);
        assertThat(rows).hasSize(1);
        assertThat(rows.getFirst()).containsEntry("value", "ro").containsEntry("deleted", true);
        assertThat(rows.getFirst().get("deleted_at")).isNotNull();
    }

    @Test
    void onlyTheVolumesOwnWorkerRowGoes() {
        String id = cloud.volume("available");
        String other = cloud.volume("available");
        for (String volume : List.of(id, other)) {
            worker("Volume", volume);
            worker("Snapshot", volume);
        }

        cloud.cinder().run(tx -> VOLUMES.removeWorker(tx, id));
        cloud.cinder().run(tx -> VOLUMES.removeWorker(tx, id));

        assertThat(cloud.rows(cloud.cinder(), "SELECT resource_type FROM workers WHERE resource_id = ?", id))
                .extracting(row -> row.get("resource_type"))
                .containsExactly("Snapshot");
        assertThat(cloud.rows(cloud.cinder(), "SELECT id FROM workers WHERE resource_id = ?", other)).hasSize(2);
        assertThat(cloud.rows(cloud.cinder(), "SELECT id FROM workers WHERE resource_type = 'SENTINEL'")).hasSize(1);
    }

    private static void worker(String type, String id) {
        cloud.insert(
                cloud.cinder(),
                "workers",
                Map.of("resource_type", type, "resource_id", id, "status", "creating", "deleted", false));
    }

    private static boolean cas(String id, Set<String> from, String status) {
        return cloud.cinder().transaction(tx -> VOLUMES.casStatus(tx, id, from, status, status));
    }

    private static StateChange status(String value) {
        return new StateChange(Optional.of(value), Optional.empty(), Optional.empty());
    }

    private static boolean change(Volume.Guard guard, StateChange change) {
        return cloud.cinder().transaction(tx -> VOLUMES.change(tx, guard, change));
    }

    private static Volume find(String id) {
        return cloud.cinder().transaction(tx -> VOLUMES.find(tx, id)).orElseThrow();
    }
}
