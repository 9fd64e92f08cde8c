package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.remote.RemoteConfig;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reset has one deadline: no call that is made for it may take longer, whatever such a call may take alone. */
@Tag("database")
final class ResetDeadlineIT extends ResetCase {
    private static final Duration REPAIR = Duration.ofSeconds(20);
    private static final Duration ALONE = Duration.ofSeconds(60);
    private static final StateRequest AVAILABLE = new StateRequest(
            Optional.of("available"), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

    @Override
    ServiceFixture newFixture() {
        return new ServiceFixture() {
            @Override
            RemoteConfig remoteConfig() {
                return new RemoteConfig(
                        "openstack", "nova", ALONE, ALONE, ALONE, REPAIR, ALONE, Optional.empty(), Optional.empty());
            }
        };
    }

    @Test
    void ofEvidenceAndDriver() {
        fixture.resets.reset(ADMIN, volume, AVAILABLE);

        assertWithin(REPAIR, "describe_connections", "reset_status available");
    }

    @Test
    void ofTheCallsThatACinderVolumeOffersInstead() {
        backend.close();
        backend = new ScriptedBackend(fixture, false);

        fixture.resets.reset(ADMIN, volume, AVAILABLE);

        assertWithin(REPAIR, "attachment_delete", "remove_export");
    }

    @Test
    void ofADryRun() {
        fixture.resets.plan(ADMIN, volume, AVAILABLE);

        assertWithin(REPAIR, "describe_connections");
    }

    @Test
    void ofWhatIsAskedAfterACrash() {
        fixture.cutOffReset(volume, AVAILABLE, "driver");

        fixture.reconciler(Duration.ofHours(1)).settleAll();

        assertThat(fixture.lastEntry(volume).state()).isEqualTo("done");
        assertWithin(REPAIR, "describe_connections");
    }

    @Test
    void madeByWhomeverItIsDoneFor() {
        Duration left = Duration.ofSeconds(10);

        fixture.resets.reset(ADMIN, volume, AVAILABLE, Deadline.after(left));

        assertWithin(left, "describe_connections", "reset_status available");
    }

    @Test
    void onceItIsOverNobodyIsAsked() {
        assertThatThrownBy(() -> fixture.resets.reset(ADMIN, volume, AVAILABLE, Deadline.after(Duration.ZERO)))
                .isInstanceOf(ServiceException.Unavailable.class);

        assertThat(backend.asked).isEmpty();
        assertThat(agent.questions).isEmpty();
        assertThat(fixture.volume(volume).status()).isEqualTo("detaching");
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("undone");
    }

    private void assertWithin(Duration limit, String... calls) {
        assertThat(backend.deadlines).containsOnlyKeys(calls);
        assertThat(backend.deadlines.values())
                .allSatisfy(deadline -> assertThat(deadline.remaining()).isBetween(Duration.ofMillis(1), limit));
        assertThat(agent.inspectBy.orElseThrow().remaining()).isBetween(Duration.ofMillis(1), limit);
    }
}
