package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.contract.evidence.Answer;
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
}
