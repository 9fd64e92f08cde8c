package dev.reseat.compute.connector.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.VolumeConnector;
import dev.reseat.compute.connector.VolumeConnectorContract;
import dev.reseat.compute.connector.local.LocalConfig.UseLoop;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HeldVolumeTest extends VolumeConnectorContract<ConnectionInfo.Local> {
    private static final String SOME_ID = "f03d9935-d4e5-4635-a103-bce71c84e2dc";

    @TempDir private Path directory;
    @TempDir private Path elsewhere;

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
            assertThatThrownBy(() -> connector.connect(volume, soon()))
                    .isInstanceOf(ConnectorException.Busy.class)
                    .hasMessageContaining("process " + stranger.pid());
            assertThat(connector.inspect(volume).held()).isEqualTo(Answer.YES);
            assertThatThrownBy(() -> connector.disconnect(volume, soon())).isInstanceOf(ConnectorException.Busy.class);
            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroy();
            assertThat(stranger.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void everythingThatIsHeldIsListedAndNothingElse() {
        LocalConnector here = open();
        volume(2);
        here.connect(volume(1), soon());

        HostInventory.Result seen = here.inventory();

        assertThat(seen.held()).extracting(HostInventory.Held::name, HostInventory.Held::held)
                .containsExactly(tuple("volume-1", Answer.YES));
        assertThat(seen.holds(SOME_ID)).isEqualTo(Answer.UNKNOWN); // volume-1 may be anybody's
        assertThat(volumes().connector("host-b", UseLoop.FALSE).inventory().held()).isEmpty();

        here.disconnect(volume(1), soon());
        assertThat(here.inventory().holds(SOME_ID)).isEqualTo(Answer.NO);
        var named = new HostInventory.Held("local", "vol_" + SOME_ID + ".img", Answer.YES, "a lock");
        assertThat(new HostInventory.Result(List.of(named), Optional.empty(), List.of()).holds(SOME_ID))
                .isEqualTo(Answer.YES);
    }

    @Test
    void aFolderThatCannotBeListedLeavesEveryAnswerOpen() {
        var config = new LocalConfig("host-a", UseLoop.FALSE, List.of(directory.resolve("unmounted")), true);

        HostInventory.Result seen = LocalVolumes.connector(config).inventory();

        assertThat(seen.blind()).singleElement().asString().contains("unmounted");
        assertThat(seen.holds(SOME_ID)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void aFileThatCannotBeLookedAtLeavesEveryAnswerOpen() throws IOException {
        Path file = directory.resolve("volume-of-a-silent-server");
        Files.createSymbolicLink(file, file); // an error other than that it is not there

        HostInventory.Result seen = open().inventory();

        assertThat(seen.blind()).singleElement().asString().contains(file.toString());
        assertThat(seen.holds(SOME_ID)).isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void twoHostsOnOneMachineKeepTheirHoldsApart() {
        ConnectionInfo.Local volume = volume(1);
        LocalConnector here = open();
        VolumeConnector<ConnectionInfo.Local> there = volumes().connector("host-b", UseLoop.FALSE);
        here.connect(volume, soon());
        assertThat(there.inspect(volume).held()).isEqualTo(Answer.NO);
        there.disconnect(volume, soon());
        assertThat(here.inspect(volume).held()).isEqualTo(Answer.YES);
        assertThatThrownBy(() -> there.connect(volume, soon())).isInstanceOf(ConnectorException.Busy.class);
    }

    @Test
    void aVolumeIsTheSameUnderASymbolicLink() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        Path link = Files.createSymbolicLink(directory.resolve("link"), volume.device());
        open().connect(ConnectionInfo.Local.at(link), soon());
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
    }

    @Test
    void theHolderIsGivenNoneOfTheAgentsEnvironment() throws IOException {
        ConnectionInfo.Local volume = volume(1);
        open().connect(volume, soon());
        long holder = Holder.all(volume.device().toRealPath()).getFirst().process();
        assertThat(Files.readString(Path.of("/proc", Long.toString(holder), "environ")).split("\0"))
                .allMatch(variable -> variable.startsWith("PATH=") || variable.startsWith("RESEAT_")
                        || variable.startsWith("PWD="), "only what it needs");
    }

    @Test
    void aPathOutsideTheFoldersIsNotTouched() throws IOException {
        Path outside = Files.createFile(elsewhere.resolve("volume-9"));
        Path link = Files.createSymbolicLink(directory.resolve("leads-out"), outside);
        Path linkedFolder = Files.createSymbolicLink(directory.resolve("folder"), elsewhere);
        Path dangling = Files.createSymbolicLink(directory.resolve("dangling"), elsewhere.resolve("none"));
        for (Path path : List.of(outside, link, linkedFolder.resolve("volume-9"), linkedFolder.resolve("none"),
                dangling, directory, Path.of("/etc/passwd"))) {
            var connection = ConnectionInfo.Local.at(path);
            assertThatThrownBy(() -> open().connect(connection, soon()))
                    .isInstanceOf(ConnectorException.Refused.class);
            assertThatThrownBy(() -> open().disconnect(connection, soon()))
                    .isInstanceOf(ConnectorException.Refused.class);
            assertThat(open().inspect(connection).held()).isEqualTo(Answer.UNKNOWN);
        }
        assertThat(Holder.all(outside)).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsUnknown() {
        var unmounted = ConnectionInfo.Local.at(directory.resolve("unmounted/volume-1"));
        assertThat(open().inspect(unmounted).held()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> open().disconnect(unmounted, soon())).isInstanceOf(ConnectorException.Failed.class);
    }

    @Test
    void aLockTakenUnderAnotherNameOrLeftByAnEndedProcessCounts() throws Exception {
        ConnectionInfo.Local volume = volume(1);
        Path other = Files.createLink(directory.resolve("other-name"), volume.device());
        Process child = new ProcessBuilder("sh", "-c", "exec 9<\"$1\"; flock --exclusive 9; echo locked; read line",
                "sh", other.toString()).start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("locked"); // flock itself has ended by now
            assertThat(open().inspect(volume).held()).isEqualTo(Answer.YES);
            assertThatThrownBy(() -> open().disconnect(volume, soon())).isInstanceOf(ConnectorException.Busy.class);
        } finally {
            child.outputWriter().close();
            assertThat(child.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.NO);
    }

    @Test
    void aDeadlineThatIsOverBeginsNothing() {
        ConnectionInfo.Local volume = volume(1);
        assertThatThrownBy(() -> open().connect(volume, Deadline.after(Duration.ZERO)))
                .isInstanceOf(ConnectorException.Failed.class);
        assertThat(open().inspect(volume).held()).isEqualTo(Answer.NO);
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
