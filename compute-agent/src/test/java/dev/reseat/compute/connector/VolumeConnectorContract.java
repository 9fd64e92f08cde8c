package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every connector promises. A test class says which connector it is, and which volumes there are. */
public abstract class VolumeConnectorContract<C extends ConnectionInfo> {
    private VolumeConnector<C> connector;

    /** Sooner than that, where nothing hangs; programs of an emulated machine take their time. */
    public static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(3));
    }

    /** Of the same host each time: as after a restart of the agent. */
    protected abstract VolumeConnector<C> open();

    /** A volume that exists; the same number gives the same one. */
    protected abstract C volume(int number);

    /** A volume that this host cannot reach. */
    protected abstract C unreachable();

    /**
     * Whether the host shows what it holds although it cannot reach where that is, as a kernel shows its sessions: a
     * question about the protocol, not about the connector.
     */
    protected boolean seesWhatItCannotReach() {
        return false;
    }

    @BeforeEach
    void openFirst() {
        connector = open();
    }

    @Test
    void aConnectedVolumeIsHeld() {
        connector.connect(volume(1), soon());
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aVolumeNobodyConnectedIsNotHeld() {
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aDisconnectedVolumeIsNotHeld() {
        connector.connect(volume(1), soon());
        connector.disconnect(volume(1), soon());
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void connectingAgainGivesTheDeviceThatIsThere() {
        Device first = connector.connect(volume(1), soon());
        assertThat(connector.connect(volume(1), soon())).isEqualTo(first);
        connector.disconnect(volume(1), soon());
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void disconnectingAgainIsNoFailure() {
        connector.connect(volume(1), soon());
        connector.disconnect(volume(1), soon());
        assertThatCode(() -> connector.disconnect(volume(1), soon())).doesNotThrowAnyException();
    }

    @Test
    void disconnectingWhatWasNeverConnectedIsNoFailure() {
        assertThatCode(() -> connector.disconnect(volume(1), soon())).doesNotThrowAnyException();
    }

    @Test
    void aConnectionOutlivesTheAgentThatMadeIt() {
        Device device = connector.connect(volume(1), soon());
        VolumeConnector<C> restarted = open();
        assertThat(restarted.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(restarted.connect(volume(1), soon())).isEqualTo(device);
        restarted.disconnect(volume(1), soon());
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void volumesAreIndependent() {
        Device first = connector.connect(volume(1), soon());
        Device second = connector.connect(volume(2), soon());
        assertThat(first).isNotEqualTo(second);
        connector.disconnect(volume(1), soon());
        assertThat(connector.inspect(volume(2)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void whatCannotBeReachedIsNotConnected() {
        assertThatThrownBy(() -> connector.connect(unreachable(), soon()))
                .isInstanceOf(ConnectorException.Failed.class);
        assertThat(connector.inspect(unreachable()).held()).isNotEqualTo(Answer.YES);
    }

    @Test
    void whatCannotBeSeenIsUnknownAndNotCalledDisconnected() {
        if (seesWhatItCannotReach()) {
            assertThat(connector.inspect(unreachable()).held()).isEqualTo(Answer.NO);
            assertThatCode(() -> connector.disconnect(unreachable(), soon())).doesNotThrowAnyException();
            return;
        }
        assertThat(connector.inspect(unreachable()).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> connector.disconnect(unreachable(), soon()))
                .isInstanceOf(ConnectorException.Failed.class);
    }
}
