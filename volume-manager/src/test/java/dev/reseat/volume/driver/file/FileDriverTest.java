package dev.reseat.volume.driver.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.Volume;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
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
        var volume = new Volume(id, id, List.of(one));
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
        driver.createExport(new Volume(exported, exported, List.of(one)), one.access().orElseThrow(), soon());

        try (AutoCloseable _ = use(exported)) {
            var all = driver.inventory(soon());
            assertThat(all).containsKeys("volume-" + exported, "volume-" + idle)
                    .allSatisfy((name, _) -> assertThat(name).matches("volume-[0-9a-f-]{36}"));
            assertThat(all.get("volume-" + exported)).singleElement()
                    .satisfies(client -> assertThat(client.inUse()).isEqualTo(Answer.YES));
            assertThat(all.get("volume-" + idle)).isEqualTo(driver.describe(new Volume(idle, idle, List.of()), soon()));
        }
        assertThat(driver.location(new Volume(idle, idle, List.of())).orElseThrow().get("data"))
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
    void lookingLeavesNothingBehind() throws Exception {
        FileDriver driver = (FileDriver) open();
        String id = newVolume();

        driver.describe(new Volume(id, id, List.of()), soon());

        try (var files = Files.list(directory)) {
            assertThat(files).allMatch(file -> file.getFileName().toString().startsWith("volume-"));
        }
    }
}
