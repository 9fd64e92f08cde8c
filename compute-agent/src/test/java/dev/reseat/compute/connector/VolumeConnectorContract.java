package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.Answer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every connector promises. A test class says which connector it is, and which volumes there are. */
public abstract class VolumeConnectorContract<C extends ConnectionInfo> {
    private VolumeConnector<C> connector;

    /** Of the same host each time: as after a restart of the agent. */
    protected abstract VolumeConnector<C> open();

    /** A volume that exists; the same number gives the same one. */
    protected abstract C volume(int number);

    /** A volume that this host cannot reach. */
    protected abstract C unreachable();

    @BeforeEach
    void openFirst() {
        connector = open();
    }

    @Test
    void aConnectedVolumeIsHeld() {
        connector.connect(volume(1));
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aVolumeNobodyConnectedIsNotHeld() {
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aDisconnectedVolumeIsNotHeld() {
        connector.connect(volume(1));
        connector.disconnect(volume(1));
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void connectingAgainGivesTheDeviceThatIsThere() {
        Device first = connector.connect(volume(1));
        assertThat(connector.connect(volume(1))).isEqualTo(first);
        connector.disconnect(volume(1));
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void disconnectingAgainIsNoFailure() {
        connector.connect(volume(1));
        connector.disconnect(volume(1));
        assertThatCode(() -> connector.disconnect(volume(1))).doesNotThrowAnyException();
    }

    @Test
    void disconnectingWhatWasNeverConnectedIsNoFailure() {
        assertThatCode(() -> connector.disconnect(volume(1))).doesNotThrowAnyException();
    }

    @Test
    void aConnectionOutlivesTheAgentThatMadeIt() {
        Device device = connector.connect(volume(1));
        VolumeConnector<C> restarted = open();
        assertThat(restarted.inspect(volume(1)).held()).isEqualTo(Answer.YES);
        assertThat(restarted.connect(volume(1))).isEqualTo(device);
        restarted.disconnect(volume(1));
        assertThat(connector.inspect(volume(1)).held()).isEqualTo(Answer.NO);
    }

    @Test
    void volumesAreIndependent() {
        Device first = connector.connect(volume(1));
        Device second = connector.connect(volume(2));
        assertThat(first).isNotEqualTo(second);
        connector.disconnect(volume(1));
        assertThat(connector.inspect(volume(2)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void whatCannotBeReachedIsNotConnected() {
        assertThatThrownBy(() -> connector.connect(unreachable())).isInstanceOf(ConnectorException.Failed.class);
        assertThat(connector.inspect(unreachable()).held()).isNotEqualTo(Answer.YES);
    }

    @Test
    void disconnectingWhatCannotBeReachedIsNoFailure() {
        assertThatCode(() -> connector.disconnect(unreachable())).doesNotThrowAnyException();
    }
}
