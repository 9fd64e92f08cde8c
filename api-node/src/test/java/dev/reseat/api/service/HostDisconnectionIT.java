package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Wait;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A device that a host has kept though no row names it. */
@Tag("database")
final class HostDisconnectionIT extends ScriptedCase {
    private String orphan() {
        String volume = fixture.cloud.volume("available");
        fixture.cloud.attachment(volume, Map.of(
                "connector", "{\"host\": \"host-a\"}", "connection_info", WAY, "deleted", true,
                "attach_status", "detached"));
        agent.uses = Answer.YES;
        return volume;
    }

    @Test
    void aDeviceThatNoRowNamesIsTakenOffItsHostAndOutOfTheBackend() {
        String volume = orphan();
        backend.connections = List.of(new BackendConnection(
                Optional.of("gone"), Optional.of("host-a"), Answer.YES, Answer.NO, "exported"));
        backend.reset = _ -> {
            backend.connections = List.of();
            return ScriptedBackend.result(ResetStatus.Outcome.PROVED);
        };
        agent.disconnect = _ -> {
            agent.uses = Answer.NO;
            return new DisconnectVolume.Result(DisconnectVolume.Outcome.DISCONNECTED, "/dev/loop7 is gone");
        };
        RepairReport dry = fixture.repairs.dryRun(ADMIN, volume, Optional.empty());
        assertThat(dry.before().verdict().row().id()).isEqualTo("11");
        assertThat(dry.inverse().map(Inverse::text)).hasValueSatisfying(
                text -> assertThat(text).startsWith("cannot be undone"));
        assertThat(dry.steps().getFirst()).startsWith("disconnect_volume");
        assertThat(agent.asked).isEmpty();

        RepairReport done = fixture.repairs.repair(ADMIN, volume, Optional.empty());

        assertThat(done.after().orElseThrow().verdict().row().id()).isEqualTo("N12");
        assertThat(agent.asked).containsExactly("disconnect_volume local");
        assertThat(fixture.volume(volume).status()).isEqualTo("available");
    }

    @Test
    void aDeviceThatAGuestMayHaveStaysAndIsJournalled() {
        String volume = orphan();
        agent.disconnect =
                _ -> new DisconnectVolume.Result(DisconnectVolume.Outcome.REFUSED, "a guest here has the volume");

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("a guest here has the volume");
        assertThat(backend.asked).noneMatch(asked -> asked.startsWith("reset_status"));
        assertThat(fixture.lastEntry(volume).state()).isEqualTo("failed");
        assertThatThrownBy(() -> fixture.undo.undo(ADMIN, fixture.lastEntry(volume).id().toString(), Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class);
    }

    @Test
    void aDeviceIsLeftAloneWhenSomebodyIsGivenTheVolumeMeanwhile() {
        String volume = orphan();
        RepairPlan plan = fixture.repairs.plan(ADMIN, volume, Optional.empty());
        fixture.cloud.blockDevice(fixture.cloud.instance(), volume, Map.of());

        assertThatThrownBy(() -> fixture.repairs.apply(ADMIN, plan, Wait.FOR_ANSWER))
                .isInstanceOf(ServiceException.Conflict.class);
        assertThat(agent.asked).isEmpty();
    }

    @Test
    void aDeviceWithoutAWayThatIsKnownIsLeftToAPerson() {
        String volume = fixture.cloud.volume("available");
        fixture.cloud.attachment(volume, Map.of(
                "connector", "{\"host\": \"host-a\"}", "deleted", true, "attach_status", "detached"));
        agent.uses = Answer.YES;

        assertThatThrownBy(() -> fixture.repairs.repair(ADMIN, volume, Optional.empty()))
                .isInstanceOf(ServiceException.Conflict.class)
                .hasMessageContaining("does not tell how host host-a came to it");
    }
}
