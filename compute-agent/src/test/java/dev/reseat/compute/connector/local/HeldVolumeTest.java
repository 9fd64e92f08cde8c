package dev.reseat.compute.connector.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectionInfo;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.local.LocalConfig.UseLoop;
import dev.reseat.contract.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldVolumeTest extends VolumeConnectorContract<ConnectionInfo.Local> {
    @TempDir private Path directory;

    private LocalVolumes volumes() {
        return new LocalVolumes(directory);
    }

    @Override
    protected LocalConnector open() {
        return volumes().connector("host-a", UseLoop.FALSE);
    }

    @Override
    protected ConnectionInfo.Local volume(int number) {
        return volumes().volume(number);
    }

    @Override
    protected ConnectionInfo.Local unreachable() {
        return volumes().missing();
    }

    @AfterEach
    void free() {
        volumes().free(open());
    }

    @Test
    void whatSomebodyElseHasLockedIsNeitherTakenNorCalledFree() throws Exception {
        ConnectionInfo.Local volume = volume(1);
        Process stranger = locked(volume.device());
        try {
            LocalConnector connector = open();
            assertThatThrownBy(() -> connector.connect(volume))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining("process " + stranger.pid());
            assertThat(connector.inspect(volume).held()).isEqualTo(Answer.YES);
            assertThatThrownBy(() -> connector.disconnect(volume)).isInstanceOf(ConnectorException.Busy.class);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
            assertThat(stranger.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void twoHostsOnOneMachineKeepTheirHoldsApart() {
        ConnectionInfo.Local volume = volume(1);
        LocalConnector here = open();
        VolumeConnector<ConnectionInfo.Local> there = volumes().connector("host-b", UseLoop.FALSE);
        here.connect(volume);
        assertThat(there.inspect(volume).held()).isEqualTo(Answer.NO);
        there.disconnect(volume);
        assertThat(here.inspect(volume).held()).isEqualTo(Answer.YES);
        assertThatThrownBy(() -> there.connect(volume)).isInstanceOf(ConnectorException.Busy.class);
    }

    @Test
    void aVolumeIsTheSameUnderASymbolicLink() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        Path link = Files.createSymbolicLink(directory.resolve("link"), volume.device());
        open().connect(new ConnectionInfo.Local(link, false));
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
    }

    @Test
    void theHolderIsGivenNoneOfTheAgentsEnvironment() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        open().connect(volume);
        long holder = new FileLocks().on(volume.device()).getFirst().orElseThrow();
        assertThat(Files.readString(Path.of("/proc", Long.toString(holder), "environ")).split("\0"))
                .allMatch(variable -> variable.startsWith("PATH=") || variable.startsWith("RESEAT_")
                        || variable.startsWith("PWD="), "only what it needs");
    }

    /** The lock is there when this returns. */
    private static Process locked(Path file) throws IOException {
        Process process = new ProcessBuilder(
                "flock", "--exclusive", "--no-fork", file.toString(), "sh", "-c", "echo locked && exec sleep 60")
                .start();
        assertThat(process.inputReader().readLine()).isEqualTo("locked");
        return process;
    }
}
