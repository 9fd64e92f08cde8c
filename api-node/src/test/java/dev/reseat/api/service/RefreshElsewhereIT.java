package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.contract.evidence.Answer;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Other hosts that have, or may have, the volume that is refreshed. */
@Tag("database")
final class RefreshElsewhereIT extends RefreshCase {
    @Test
    void whatAnotherHostUsesIsNotTakenFromIt() {
        String leftover = leftoverOfAMigration();
        try (var other = new ScriptedAgent(fixture, 5, "host-b")) {
            other.uses = Answer.YES;

            assertThatThrownBy(() -> fixture.refreshes.plan(ADMIN, bdm, REQUEST))
                    .as("a dry run asks too")
                    .isInstanceOf(ServiceException.Conflict.class)
                    .hasMessageContaining("host-b");
            assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                    .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.observations())
                            .anyMatch(seen -> seen.host().equals(Optional.of("host-b"))))
                    .hasMessageContaining("is in use on host host-b");
        }

        assertThat(agent.asked).isEmpty();
        assertThat(backend.asked).isEmpty();
        assertThat(fixture.volume(volume).attachments()).extracting(Attachment::id)
                .containsExactlyInAnyOrder(old, leftover);
    }

    @Test
    void aHostWithALeftoverThatCannotBeAskedIsNotTakenForFree() {
        String leftover = leftoverOfAMigration();

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.next().orElse(""))
                        .contains("openstack volume attachment delete " + leftover))
                .hasMessageContaining("host-b");

        assertThat(agent.asked).isEmpty();
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
    }

    @Test
    void aLeftoverOfAHostThatHasLetGoIsNoHindrance() {
        leftoverOfAMigration();
        try (var other = new ScriptedAgent(fixture, 5, "host-b")) {
            RefreshReport plan = fixture.refreshes.plan(ADMIN, bdm, REQUEST);

            assertThat(other.questions).isNotEmpty();
            assertThat(plan.observations()).anyMatch(seen -> seen.host().equals(Optional.of("host-b")));
        }
    }

    @Test
    void aHostOfAMigrationThatCannotBeAskedBlocksUnlessThatIsAccepted() {
        fixture.cloud.insert(
                fixture.cloud.nova(),
                "migrations",
                Map.of("instance_uuid", instance, "source_compute", "host-a", "dest_compute", "host-m", "status",
                        "error", "deleted", 0));

        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOfSatisfying(ServiceException.Conflict.class, e -> assertThat(e.next().orElse(""))
                        .startsWith("reseat bdm refresh --force accept-unknown --reason TEXT " + bdm))
                .hasMessageContaining("It is unknown whether host host-m uses volume " + volume);
        assertThat(agent.asked).isEmpty();

        fixture.refreshes.refresh(
                ADMIN, bdm, new RefreshRequest(Optional.empty(), Optional.of("host-m is scrapped"), true));
        assertRefreshed();
        assertThat(fixture.lastEntry(bdm).reason()).contains("host-m is scrapped");
    }

    @Test
    void whatIsAcceptedNeedsAReason() {
        assertThatThrownBy(() -> new RefreshRequest(Optional.empty(), Optional.empty(), true))
                .isInstanceOf(ServiceException.Invalid.class);
    }

    @Test
    void aConnectionOfSomebodyElseIsFoundBeforeAnythingIsTakenDown() {
        String foreign = fixture.cloud.attachment(
                volume, Map.of("attached_host", "host-a", "connector", "{\"host\": \"host-a\"}"));

        assertThatThrownBy(() -> fixture.refreshes.plan(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Conflict.class);
        assertThatThrownBy(() -> fixture.refreshes.refresh(ADMIN, bdm, REQUEST))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("another connection, attachment " + foreign);

        assertThat(agent.asked).isEmpty();
        assertThat(backend.asked).isEmpty();
        assertThat(fixture.volume(volume).attachments()).hasSize(2);
    }

    @Test
    void ofAVolumeThatSeveralMayHaveOnlyTheInstancesOwnConnectionIsTaken() {
        fixture.cloud.execute(fixture.cloud.cinder(), "UPDATE volumes SET multiattach = true");
        String others = fixture.cloud.attachment(
                volume, Map.of("attached_host", "host-b", "connector", "{\"host\": \"host-b\"}"));

        fixture.refreshes.refresh(ADMIN, bdm, REQUEST); // nobody asks for host-b, which is silent

        assertThat(fixture.volume(volume).attachments()).hasSize(2).extracting(Attachment::id).contains(others);
        assertThat(fixture.anyAttachment(old).deleted()).isTrue();
        assertThat(fixture.anyAttachment(others).deleted()).isFalse();
    }
}
