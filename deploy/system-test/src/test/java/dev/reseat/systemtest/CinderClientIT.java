package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An operator with the real {@code cinder} command. */
@Tag("broker")
@Tag("database")
final class CinderClientIT {
    private final Cloud cloud = Cloud.shared();
    private final Scene scene = new Scene(cloud);
    private final CinderClient cinder = CinderClient.of(cloud);

    @Test
    void volumesAreListedAndShown() {
        Attached stuck = scene.stuck("listed", "detaching");

        Program list = cinder.run("list", "--all-tenants");
        list.assertSucceeded();
        assertThat(list.out()).contains(stuck.volume(), "detaching", "listed");
        Program show = cinder.run("show", stuck.volume());
        show.assertSucceeded();
        assertThat(show.out()).contains(stuck.attachment(), cloud.settings().volumeHost());
    }

    @ParameterizedTest
    @ValueSource(strings = {"detaching", "attaching", "in-use", "error_detaching"})
    void aStuckVolumeThatNobodyHoldsIsRepaired(String status) {
        Attached stuck = scene.stuck("stuck", status);
        assertThat(stuck.exports()).exists();

        cinder.run("reset-state", "--state", "available", stuck.volume()).assertSucceeded();

        assertThat(stuck.exports()).doesNotExist();
        assertThat(cloud.volume(stuck.volume()))
                .containsEntry("status", "available")
                .containsEntry("attach_status", "detached");
        assertThat(cloud.liveAttachments(stuck.volume())).isZero();
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "done");
        assertThat(cinder.run("show", stuck.volume()).out()).contains("available");
    }

    @Test
    void aVolumeThatIsHeldIsRefusedAndNothingChanges() throws Exception {
        Attached stuck = scene.stuck("held", "detaching");
        Map<String, Object> before = cloud.volume(stuck.volume());
        String exports = Files.readString(stuck.exports());

        try (AutoCloseable _ = Scene.hold(stuck)) {
            Program refused = cinder.run("reset-state", "--state", "available", stuck.volume());

            assertThat(refused.code()).isNotZero();
            assertThat(refused.out() + refused.err()).contains("409").contains("in use");
            assertThat(Scene.isHeld(stuck)).as("the holder keeps its hold").isTrue();
        }
        assertThat(cloud.volume(stuck.volume())).isEqualTo(before);
        assertThat(cloud.liveAttachments(stuck.volume())).isOne();
        assertThat(Files.readString(stuck.exports())).isEqualTo(exports);
        assertThat(cloud.journal(stuck.volume())).containsEntry("state", "undone");
    }

    @Test
    void aVolumeIsPutBackInUse() {
        Attached stuck = scene.stuck("put back", "detaching");

        cinder.run("reset-state", "--state", "in-use", stuck.volume()).assertSucceeded();

        assertThat(cloud.volume(stuck.volume()))
                .containsEntry("status", "in-use")
                .containsEntry("attach_status", "attached");
        assertThat(stuck.exports()).content().contains(stuck.attachment());
    }

    /** The id in a table of the client. */
    private static String id(Program told) {
        told.assertSucceeded();
        return told.out()
                .lines()
                .map(line -> line.split("\\|", -1))
                .filter(cells -> cells.length > 2 && cells[1].strip().equalsIgnoreCase("id"))
                .map(cells -> cells[2].strip())
                .findFirst()
                .orElseThrow();
    }

    private Program attachment(String what, String... words) {
        List<String> command = new ArrayList<>(List.of("--os-volume-api-version", "3.54", "attachment-" + what));
        command.addAll(List.of(words));
        return cinder.run(command.toArray(String[]::new));
    }

    @Test
    void anAttachmentIsMadeConnectedCompletedAndDeleted() {
        String volume = scene.volume("attached by cinder");
        String server = cloud.rows().instance(Map.of("host", cloud.settings().computeHost()));

        String made = id(attachment("create", volume, server));
        assertThat(cloud.volume(volume)).containsEntry("status", "reserved");
        attachment("update", "--host", cloud.settings().computeHost(), "--initiator", "iqn.1993-08.org.debian:01:abc",
                made).assertSucceeded();
        attachment("complete", made).assertSucceeded();
        assertThat(cloud.volume(volume)).containsEntry("status", "in-use").containsEntry("attach_status", "attached");
        assertThat(attachment("list", "--all-tenants").out()).contains(made, server);
        assertThat(attachment("show", made).out()).contains(volume, "attached");

        attachment("delete", made).assertSucceeded();

        assertThat(cloud.volume(volume)).containsEntry("status", "available");
        assertThat(cloud.liveAttachments(volume)).isZero();
    }

    @Test
    void whatCinderRefusesIsRefusedInItsWords() {
        String free = scene.volume("free");

        Program inUse = cinder.run("reset-state", "--state", "in-use", free);
        assertThat(inUse.code()).isNotZero();
        assertThat(inUse.err() + inUse.out())
                .contains("Cannot reset-state to in-use because volume does not have any attachments.");
        Program bogus = cinder.run("reset-state", "--state", "bogus", free);
        assertThat(bogus.err() + bogus.out()).contains("Volume status: bogus is invalid, valid statuses are: (");
        Program none = cinder.run("reset-state", free);
        assertThat(none.err() + none.out())
                .contains("Must specify 'status', 'attach_status' or 'migration_status' for update.");
        Program unknown =
                cinder.run("reset-state", "--state", "error", "00000000-0000-4000-8000-000000000000");
        assertThat(unknown.code()).isNotZero();
        assertThat(cloud.volume(free)).containsEntry("status", "available");
    }
}
