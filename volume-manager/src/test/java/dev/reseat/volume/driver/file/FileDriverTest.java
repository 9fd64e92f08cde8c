package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileUsers;
import dev.reseat.host.MountTable;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ListedVolume;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The driver on real files, held by real processes. */
final class FileDriverTest extends VolumeDriverContract {
    @TempDir private Path directory;

    private FileConfig config;

    @Override
    protected VolumeDriver open() {
        config = new FileConfig(directory, FileConfig.DEFAULT_NAME_TEMPLATE, true);
        return new FileDriver(config, FileUsers.onThisHost(true, new SystemCommandRunner(List.of())),
                InstantSource.system());
    }

    @Override
    protected String newVolume() throws IOException {
        String id = UUID.randomUUID().toString();
        SparseFile.create(config.file(id));
        return id;
    }

    @Override
    protected AutoCloseable use(String volumeId) throws Exception {
        return LockHolder.of(config.file(volumeId));
    }

    @Test
    void theConnectionIsTheFileItself() throws Exception {
        VolumeDriver driver = open();
        String id = newVolume();
        var one = attached("a-1", "host-a");
        var volume = new BackendVolume(id, id, List.of(one));
        driver.createExport(volume, one.access().orElseThrow(), soon());

        var info = driver.initializeConnection(volume, one.access().orElseThrow(), soon());

        assertThat(info.type()).isEqualTo("local");
        assertThat(info.document().data()).containsEntry("device_path", directory + "/volume-" + id)
                .containsEntry("volume_id", id);
    }

    @Test
    void everythingItKeepsIsListedWithWhoIsThere() throws Exception {
        FileDriver driver = (FileDriver) open();
        String exported = newVolume();
        String idle = newVolume();
        Files.createFile(directory.resolve("notes.txt"));
        var one = attached("a-1", "host-a");
        driver.createExport(new BackendVolume(exported, exported, List.of(one)), one.access().orElseThrow(), soon());

        try (AutoCloseable _ = use(exported)) {
            var all = driver.inventory(Optional.empty(), 1000, soon()).volumes();
            assertThat(all).containsKeys("volume-" + exported, "volume-" + idle)
                    .allSatisfy((name, _) -> assertThat(name).matches("volume-[0-9a-f-]{36}"));
            assertThat(all.get("volume-" + exported).clients()).singleElement()
                    .satisfies(client -> assertThat(client.inUse()).isEqualTo(Answer.YES));
            var same = new BackendVolume(idle, idle, List.of());
            assertThat(all.get("volume-" + idle)).isEqualTo(new ListedVolume(
                    Answer.YES, driver.describe(same, soon()), driver.stored(same, soon()),
                    driver.location(same, soon())));
        }
        assertThat(driver.location(new BackendVolume(idle, idle, List.of()), soon()).orElseThrow().get("data"))
                .isEqualTo(Map.of("device_path", directory + "/volume-" + idle));
    }

    @Test
    void aDirectoryThatIsNotThereIsNotMade() {
        var missing = new FileConfig(directory.resolve("unmounted"), "volume-%s", true);
        var driver = new FileDriver(missing, FileUsers.onThisHost(true, new SystemCommandRunner(List.of())),
                InstantSource.system());

        assertThatThrownBy(() -> driver.prepare(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("unmounted");
        assertThat(Files.exists(directory.resolve("unmounted"))).isFalse();
    }

    @Test
    void aFolderWhoseFileSystemIsNotMountedYetIsNotTakenForAnEmptyOne() throws Exception {
        config = new FileConfig(directory, FileConfig.DEFAULT_NAME_TEMPLATE, true);
        Path processes = Files.createDirectories(directory.resolve("proc/self")).getParent();
        Path fstab = Files.writeString(
                directory.resolve("fstab"), "/dev/vda / ext4\n# all volumes\nnas:/v " + directory + " nfs\n");
        Path mounts = Files.writeString(
                processes.resolve("self/mountinfo"), "25 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n");
        var driver = new FileDriver(
                config, FileUsers.onThisHost(true, new SystemCommandRunner(List.of())), InstantSource.system(),
                new MountTable(processes, fstab, true));

        assertThatThrownBy(() -> driver.prepare(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("is on " + directory + " by /etc/fstab");

        Files.writeString(mounts, "99 25 0:60 / " + directory + " rw shared:9 - nfs4 nas:/v rw\n");
        driver.prepare(soon());
    }

    @Test
    void aFileThatCannotBeLookedAtIsNotMissing() throws Exception {
        FileDriver driver = (FileDriver) open();
        String id = UUID.randomUUID().toString();
        Files.createSymbolicLink(config.file(id), config.file(id)); // leads nowhere, and says so by an error
        var volume = new BackendVolume(id, id, List.of());

        assertThatThrownBy(() -> driver.describe(volume, soon())).isInstanceOf(DriverException.BackendFailed.class);
        assertThatThrownBy(() -> driver.inventory(Optional.empty(), 1000, soon()).volumes())
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining(id);
    }

    @Test
    void lookingLeavesNothingBehind() throws Exception {
        FileDriver driver = (FileDriver) open();
        String id = newVolume();

        driver.describe(new BackendVolume(id, id, List.of()), soon());

        try (var files = Files.list(directory)) {
            assertThat(files).allMatch(file -> file.getFileName().toString().startsWith("volume-"));
        }
    }
}
