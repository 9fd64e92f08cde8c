package dev.reseat.compute.connector.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Device;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.local.LocalConfig.UseLoop;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoopVolumeTest extends VolumeConnectorContract<ConnectionInfo.Local> {
    @TempDir private Path directory;

    @BeforeAll
    static void needsLoopDevices() {
        Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "loop devices need root");
    }

    private LocalVolumes volumes() {
        return new LocalVolumes(directory);
    }

    @Override
    protected LocalConnector open() {
        return volumes().connector("host-a", UseLoop.TRUE);
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
    void aDeviceInUseIsNotTakenAway() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        Device device = open().connect(volume, soon());
        try (FileChannel _ = FileChannel.open(device.path(), StandardOpenOption.READ)) {
            assertThatThrownBy(() -> open().disconnect(volume, soon()))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining("process " + ProcessHandle.current().pid());
            assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
        }
        assertThat(open().connect(volume, soon())).isEqualTo(device); // it was not even asked to go
        open().disconnect(volume, soon());
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aLoopDeviceIsFreedAfterTheOptionWasTurnedOff() {
        ConnectionInfo.Local volume = volume(1);
        open().connect(volume, soon());
        LocalConnector without = volumes().connector("host-a", UseLoop.FALSE);
        assertThatThrownBy(() -> without.connect(volume, soon())).isInstanceOf(ConnectorException.Busy.class);
        without.disconnect(volume, soon());
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aBlockDeviceIsUsedAsItIs() throws IOException {
        Path loop = open().connect(volume(1), soon()).path();
        var block = ConnectionInfo.Local.at(loop);
        assertThat(open().connect(block, soon())).isEqualTo(Device.at(loop));
        assertThat(open().inspect(block).held()).isNotEqualTo(Answer.YES); // another's processes may be hidden
        try (FileChannel _ = FileChannel.open(loop, StandardOpenOption.READ)) {
            assertThat(open().inspect(block).held()).isEqualTo(Answer.YES);
        }
        open().disconnect(block, soon());
        assertThat(open().inspect(volume(1)).held()).isEqualTo(Answer.YES);
    }

    @Test
    void aVolumeFileThatWasDeletedIsStillFreed() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        open().connect(volume, soon());
        Files.delete(volume.device());
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
        open().disconnect(volume, soon());
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.UNKNOWN); // nobody can see a file without a name
        assertThat(open().inspect(volume).detail()).doesNotContain("backed by");
    }

    @Test
    void aLoopDeviceOfSomebodyElseStays() throws Exception {
        ConnectionInfo.Local volume = volume(1);
        String foreign = losetup("--find", "--show", volume.device().toString());
        try {
            assertThatThrownBy(() -> open().connect(volume, soon()))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining(foreign);
            assertThatThrownBy(() -> open().disconnect(volume, soon()))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining(foreign);
            assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
        } finally {
            losetup("--detach", foreign);
        }
        open().disconnect(volume, soon());
    }

    private static String losetup(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("losetup"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
