package dev.reseat.volume.driver.nfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.host.FileUsers;
import dev.reseat.host.MountTable;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.LockHolder;
import dev.reseat.testing.SparseFile;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeDriverContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With real files and locks; the mount is told, since few machines that run this have NFS in their kernel. */
final class NfsDriverTest extends VolumeDriverContract {
    private static final String SHARE = "192.0.2.30:/srv/volumes";
    private static final String FOLDER = "46c806b35dc23a438716664c88b54f4d"; // its md5sum

    @TempDir private Path directory;

    private final CommandRunner commands = command -> {
        assertThat(command.words()).startsWith("qemu-img", "info", "--force-share");
        return new CommandResult(0, "{\"virtual-size\": 1048576, \"format\": \"raw\"}", "");
    };

    private Path share() {
        return base().resolve(FOLDER);
    }

    /** The kernel writes a space in its table as a number. */
    private Path base() {
        return directory.resolve("mnt of cinder");
    }

    @Override
    protected VolumeDriver open() throws IOException {
        Files.createDirectories(share());
        Files.writeString(directory.resolve("shares"), "# ours\n\n" + SHARE + " -o vers=4.2\n");
        mounted(true);
        NfsBackendConfig config = Settings.parse("""
                [DEFAULT]
                [nfs1]
                nfs_mount_point_base = %s
                nfs_shares_config = %s/shares
                nas_secure_file_operations = true
                """.formatted(base(), directory)).checked(settings -> NfsBackendConfig.from(settings, "nfs1"));
        var mounts = new MountTable(directory.resolve("proc"), directory.resolve("fstab"), true);
        return new NfsDriver(config, new ShareFolders(config, mounts),
                FileUsers.onThisHost(true, new SystemCommandRunner(List.of())), new BackendPrograms(commands));
    }

    private void mounted(boolean there) throws IOException {
        Path table = Files.createDirectories(directory.resolve("proc/self")).resolve("mountinfo");
        Files.writeString(table, "25 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n" + (there
                ? "99 25 0:60 / " + share().toString().replace(" ", "\\040") + " rw shared:9 - nfs4 " + SHARE + " rw\n"
                : ""));
    }

    @Override
    protected String newVolume() throws IOException {
        String id = UUID.randomUUID().toString();
        SparseFile.create(share().resolve("volume-" + id));
        return id;
    }

    @Override
    protected AutoCloseable use(String volumeId) throws Exception {
        return LockHolder.of(share().resolve("volume-" + volumeId));
    }

    @Test
    void theConnectionIsWhatCindersDriverGives() throws Exception {
        VolumeDriver driver = open();
        String id = newVolume();
        var one = attached("a-1", "host-a");
        BackendVolume volume =
                new BackendVolume(id, id, List.of(one)).with(new ModelUpdate(Optional.of(SHARE), Optional.empty()));

        ConnectionInfo info = driver.initializeConnection(volume, one.access().orElseThrow(), soon());

        assertThat(info.document().data()).containsEntry("export", SHARE)
                .containsEntry("name", "volume-" + id)
                .containsEntry("options", "-o vers=4.2")
                .containsEntry("format", "raw");
        assertThat(info.document().values()).containsEntry("mount_point_base", base().toString());
    }

    @Test
    void withSnapshotsTheLastFileOfTheChainIsTheOneInUse() throws Exception {
        NfsDriver driver = (NfsDriver) open();
        String id = newVolume();
        Path active = SparseFile.create(share().resolve("volume-" + id + ".snap"));
        Files.writeString(share().resolve("volume-" + id + ".info"),
                "{\"active\": \"volume-" + id + ".snap\", \"snap\": \"volume-" + id + ".snap\"}");

        try (var _ = LockHolder.of(active)) {
            assertThat(driver.describe(new BackendVolume(id, id, List.of()), soon())).extracting(Client::inUse)
                    .containsExactly(Answer.YES);
        }
        Files.writeString(share().resolve("volume-" + id + ".info"), "{}");
        assertThatThrownBy(() -> driver.describe(new BackendVolume(id, id, List.of()), soon()))
                .isInstanceOf(DriverException.BackendFailed.class);
    }

    @Test
    void aListHasVolumesOnlyAndWhatIsWrongWithOneHidesNoOther() throws Exception {
        NfsDriver driver = (NfsDriver) open();
        String plain = newVolume();
        String chained = newVolume();
        String broken = newVolume();
        Path active = SparseFile.create(share().resolve("volume-" + chained + ".snap"));
        Files.writeString(share().resolve("volume-" + chained + ".info"),
                "{\"active\": \"volume-" + chained + ".snap\"}");
        Files.writeString(share().resolve("volume-" + broken + ".info"), "{}");

        try (var _ = LockHolder.of(active)) {
            var all = driver.inventory(Optional.empty(), 1000, soon()).volumes();

            assertThat(all).containsKeys("volume-" + plain, "volume-" + chained, "volume-" + broken);
            assertThat(all.keySet()).allMatch(name -> !name.contains("."));
            assertThat(all.get("volume-" + plain).stored()).isEqualTo(StoredVolume.PLAIN);
            assertThat(all.get("volume-" + chained).clients()).extracting(Client::inUse).containsExactly(Answer.YES);
            assertThat(all.get("volume-" + chained).stored().object()).isEqualTo(StoredVolume.ObjectState.BUSY);
            assertThat(all.get("volume-" + broken).clients()).extracting(Client::inUse)
                    .containsExactly(Answer.UNKNOWN);
        }
    }

    @Test
    void aShareThatIsNotMountedIsNotOneWithoutVolumes() throws Exception {
        NfsDriver driver = (NfsDriver) open();
        String id = newVolume();
        mounted(false);

        assertThatThrownBy(() -> driver.probe(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining(SHARE);
        assertThatThrownBy(() -> driver.describe(new BackendVolume(id, id, List.of()), soon()))
                .isInstanceOf(DriverException.NotReady.class);
        assertThatThrownBy(() -> driver.inventory(Optional.empty(), 10, soon()))
                .isInstanceOf(DriverException.NotReady.class);
    }

    @Test
    void aFileThatCannotBeLookedAtIsNotMissing() throws Exception {
        NfsDriver driver = (NfsDriver) open();
        String id = UUID.randomUUID().toString();
        Path file = share().resolve("volume-" + id);
        Files.createSymbolicLink(file, file); // an error other than that it is not there, as of a server that is silent

        assertThatThrownBy(() -> driver.describe(new BackendVolume(id, id, List.of()), soon()))
                .isInstanceOf(DriverException.BackendFailed.class)
                .hasMessageContaining(id);
    }

    @Test
    void aListOfSharesThatIsNotThereStopsNobodyElse() throws Exception {
        VolumeDriver driver = open();
        Files.delete(directory.resolve("shares"));

        assertThatThrownBy(() -> driver.prepare(soon())).isInstanceOf(DriverException.NotReady.class)
                .hasMessageContaining("nfs_shares_config");
    }
}
