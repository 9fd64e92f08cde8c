package dev.reseat.api.store.cinder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.store.StoreException;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class AttachmentTableIT {
    private static final AttachmentTable ATTACHMENTS = new AttachmentTable();
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");
    private static final Instant LATER = NOW.plusSeconds(5);

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
    void aBlankAttachmentReserves() {
        String volume = cloud.volume("available");
        String id = reserve(volume);

        Attachment attachment = find(id).orElseThrow();

        assertThat(attachment)
                .isEqualTo(new Attachment(
                        id,
                        volume,
                        Optional.of("an-instance"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of("null"),
                        "reserved",
                        Optional.of("{}"),
                        Optional.empty(),
                        Optional.of(EmbeddedDatabase.kept(NOW)),
                        Optional.of(EmbeddedDatabase.kept(NOW)),
                        Optional.empty(),
                        false));
    }

    @Test
    void anIdCanBeUsedOnce() {
        String volume = cloud.volume("available");
        String id = reserve(volume);

        assertThatThrownBy(() -> cloud.cinder()
                .run(tx -> ATTACHMENTS.insertReserved(tx, id, volume, Optional.empty(), Optional.of("ro"), NOW)))
                .isInstanceOf(StoreException.Conflict.class);
    }

    @Test
    void fromReservedThroughAttachingToAttached() {
        String id = reserve(cloud.volume("available"));

        assertThat(complete(id)).isFalse();
        assertThat(connect(id)).isTrue();
        Attachment attaching = find(id).orElseThrow();
        assertThat(attaching.status()).isEqualTo("attaching");
        assertThat(attaching.connectionInfo()).contains("{\"auth_password\": \"p\"}");
        assertThat(attaching.connector()).contains("{\"host\": \"host-a\"}");
        assertThat(attaching.attachedHost()).contains("host-a");
        assertThat(attaching.mountpoint()).contains("/dev/vdb");
        assertThat(attaching.mode()).contains("rw");
        assertThat(attaching.attachTime()).contains(EmbeddedDatabase.kept(LATER));
        assertThat(connect(id)).isTrue();
        assertThat(complete(id)).isTrue();
        assertThat(complete(id)).isTrue();
        assertThat(find(id).orElseThrow().status()).isEqualTo("attached");
        assertThat(connect(id)).isFalse();
    }

    @Test
    void aDeletedAttachmentKeepsItsDataAndDoesNotComeBack() {
        String volume = cloud.volume("in-use");
        String id =
                cloud.attachment(volume, Map.of("connection_info", "{\"auth_password\": \"p\"}", "connector", "{}"));

        assertThat(softDelete(id)).isTrue();
        assertThat(softDelete(id)).isFalse();
        assertThat(softDelete("nope")).isFalse();

        assertThat(find(id)).isEmpty();
        assertThat(cloud.cinder().<List<Attachment>>transaction(tx -> ATTACHMENTS.ofVolume(tx, volume))).isEmpty();
        Attachment gone = cloud.cinder().transaction(tx -> ATTACHMENTS.findEvenDeleted(tx, id)).orElseThrow();
        assertThat(gone.deleted()).isTrue();
        assertThat(gone.status()).isEqualTo("detached");
        assertThat(gone.deletedAt()).contains(EmbeddedDatabase.kept(NOW));
        assertThat(gone.detachTime()).contains(EmbeddedDatabase.kept(NOW));
        assertThat(gone.connectionInfo()).contains("{\"auth_password\": \"p\"}");
        assertThat(gone.updatedAt()).isEmpty();
        assertThat(connect(id)).isFalse();
        assertThat(complete(id)).isFalse();
    }

    @Test
    void listsObeyEveryCondition() {
        String project = UUID.randomUUID().toString();
        String volume = cloud.volume(Map.of("project_id", project));
        String other = cloud.volume("in-use");
        String first = cloud.attachment(volume, Map.of("attach_status", "attached", "attached_host", "host-a"));
        String second = cloud.attachment(volume, Map.of("attach_status", "reserved", "instance_uuid", "inst"));
        cloud.attachment(other, "attached");
        cloud.attachment(volume, Map.of("deleted", true));

        assertThat(list(filter(project, null, null, Set.of(), Page.ALL))).containsExactly(second, first);
        assertThat(list(filter(project, "attached", null, Set.of(), Page.ALL))).containsExactly(first);
        assertThat(list(filter(project, null, "inst", Set.of(), Page.ALL))).containsExactly(second);
        assertThat(list(filter(project, null, null, Set.of(first), Page.ALL))).containsExactly(first);
        Page behindSecond = new Page(Optional.of(second), OptionalInt.of(1), 0);
        assertThat(list(filter(project, null, null, Set.of(), behindSecond))).containsExactly(first);
    }

    @Test
    void secretsAreNotPartOfFailures() {
        String id = reserve(cloud.volume("available"));

        assertThatThrownBy(() -> cloud.cinder()
                .run(tx -> ATTACHMENTS.connected(
                        tx, id, "{}", "{\"auth_password\": \"tell-nobody\"}", "h".repeat(256), "na", Optional.of("rw"),
                        NOW)))
                .isInstanceOf(StoreException.Unfit.class)
                .hasMessageContaining("too long")
                .satisfies(failure -> {
                    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                        assertThat(cause.toString()).doesNotContain("tell-nobody");
                    }
                });
    }

    private static String reserve(String volume) {
        String id = UUID.randomUUID().toString();
        cloud.cinder()
                .run(tx -> ATTACHMENTS.insertReserved(
                        tx, id, volume, Optional.of("an-instance"), Optional.of(Attachment.NO_MODE), NOW));
        return id;
    }

    private static boolean connect(String id) {
        return cloud.cinder()
                .transaction(tx -> ATTACHMENTS.connected(
                        tx, id, "{\"host\": \"host-a\"}", "{\"auth_password\": \"p\"}", "host-a", "/dev/vdb",
                        Optional.of("rw"),
                        LATER));
    }

    private static boolean complete(String id) {
        return cloud.cinder().transaction(tx -> ATTACHMENTS.complete(tx, id, LATER));
    }

    private static boolean softDelete(String id) {
        return cloud.cinder().transaction(tx -> ATTACHMENTS.softDelete(tx, id, NOW));
    }

    private static Optional<Attachment> find(String id) {
        return cloud.cinder().transaction(tx -> ATTACHMENTS.find(tx, id));
    }

    private static List<String> list(AttachmentFilter filter) {
        return cloud.cinder().transaction(tx -> ATTACHMENTS.list(tx, filter)).stream().map(Attachment::id).toList();
    }

    private static AttachmentFilter filter(
            String project, String status, String instance, Set<String> ids, Page page) {
        List<Sort<AttachmentFilter.Key>> newestFirst = List.of(Sort.descending(AttachmentFilter.Key.CREATED_AT));
        return new AttachmentFilter(
                Optional.of(project),
                Optional.empty(),
                Optional.ofNullable(instance),
                Optional.ofNullable(status),
                Optional.empty(),
                ids,
                newestFirst,
                page);
    }
}
