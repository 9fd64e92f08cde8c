package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.Scene.Attached;
import java.nio.file.Files;
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
