package dev.reseat.volume.driver.file;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.host.FileId;
import dev.reseat.host.FileUsers;
import dev.reseat.host.MountTable;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListedVolume;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.VolumeDriver;
import dev.reseat.volume.driver.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes as files of this host, opened with {@code driver_volume_type} {@code local}. */
final class FileDriver implements VolumeDriver, DescribesConnections, ListsVolumes {
    static final String NAME = "file";

    private final FileConfig config;
    private final MountTable mounts;
    private final FileExports exports;
    private final ConnectionView view;
    private volatile Optional<FileId> prepared = Optional.empty();

    FileDriver(FileConfig config, FileUsers users, InstantSource clock) {
        this(config, users, clock, MountTable.onThisHost(config.sharedNamespace()));
    }

    FileDriver(FileConfig config, FileUsers users, InstantSource clock, MountTable mounts) {
        this.config = config;
        this.mounts = mounts;
        ExportTable table = new ExportTable();
        this.exports = new FileExports(table, clock);
        this.view = new ConnectionView(table, users);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare(Deadline deadline) {
        probe(deadline);
        try {
            mounts.missing(config.volumesDir().toRealPath()).ifPresent(point -> {
                throw new DriverException.NotReady(
                        "file_volumes_dir " + config.volumesDir() + " is on " + point
                                + " by /etc/fstab, which is not mounted",
                        null);
            });
            prepared = Optional.of(FileId.of(config.volumesDir()));
        } catch (IOException e) {
            throw new DriverException.NotReady("file_volumes_dir " + config.volumesDir() + " cannot be read: " + e, e);
        }
    }

    /**
     * A share that is not mounted any more leaves another folder in its place, which looks like one without volumes.
     */
    private void requireSameFolder(Path directory) {
        try {
            if (prepared.isPresent() && !prepared.get().equals(FileId.of(directory))) {
                throw new DriverException.NotReady(
                        "file_volumes_dir " + directory + " is another folder than before: is its share mounted?",
                        null);
            }
        } catch (IOException e) {
            throw new DriverException.NotReady("file_volumes_dir " + directory + " cannot be read: " + e, e);
        }
    }

    @Override
    public void probe(Deadline deadline) {
        Path directory = config.volumesDir();
        if (!Files.isDirectory(directory)) {
            throw new DriverException.NotReady("file_volumes_dir " + directory + " is not a directory", null);
        }
        if (!Files.isWritable(directory)) {
            throw new DriverException.NotReady("file_volumes_dir " + directory + " is not writable", null);
        }
        requireSameFolder(directory);
    }

    @Override
    public Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        capabilities.put("vendor_name", "Reseat");
        capabilities.put("driver_version", "1.0");
        capabilities.put("storage_protocol", "local");
        return capabilities;
    }

    @Override
    public void validate(Connector connector) {
        if (!FileExports.suffices(connector)) {
            throw new DriverException.ConnectorRejected("host");
        }
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        exports.add(fileOf(volume), access, deadline);
        return Optional.empty();
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return connection(volume, access)
                .orElseThrow(() -> new DriverException.BackendFailed("volume " + volume.id() + " is not exported to "
                        + access.connector().host().orElse("a host without a name")));
    }

    @Override
    public Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        ConnectionView.requireThere(fileOf(volume));
        return connection(volume, access);
    }

    private Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access) {
        Path file = fileOf(volume);
        return exports.contains(file, access)
                ? Optional.of(ConnectionInfo.of(ConnectionInfo.Local.TYPE,
                        Map.of("device_path", file.toString(), "volume_id", volume.id())))
                : Optional.empty();
    }

    @Override
    public ExportUse terminateConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        Path file = fileOf(volume);
        long ofHost = access.connector().host().map(volume::attachmentsOf).orElse(0L);
        if (access.attachmentId().isPresent()) {
            return exports.remove(file, access, ofHost <= 1, deadline);
        }
        return ofHost > 1 ? ExportUse.SHARED : exports.removeHost(file, access, deadline);
    }

    @Override
    public void terminateConnections(BackendVolume volume, Deadline deadline) {
        exports.removeAll(fileOf(volume), deadline);
    }

    @Override
    public void removeExport(BackendVolume volume, Deadline deadline) {
        exports.removeAll(fileOf(volume), deadline);
    }

    @Override
    public List<Client> describe(BackendVolume volume, Deadline deadline) {
        return view.look(fileOf(volume));
    }

    /** A file has no snapshots and clones here, and whoever locks it keeps nobody from writing. */
    @Override
    public StoredVolume stored(BackendVolume volume, Deadline deadline) {
        ConnectionView.requireThere(fileOf(volume));
        return StoredVolume.PLAIN;
    }

    @Override
    public Optional<Map<String, Object>> location(BackendVolume volume, Deadline deadline) {
        return location(fileOf(volume));
    }

    private static Optional<Map<String, Object>> location(Path file) {
        return Optional.of(Map.of(
                "driver_volume_type", ConnectionInfo.Local.TYPE,
                "data", Map.of("device_path", file.toString())));
    }

    @Override
    public InventoryPage inventory(Optional<String> after, int most, Deadline deadline) {
        requireSameFolder(config.volumesDir());
        return InventoryPage.of(
                VolumeFiles.list(config.volumesDir(), config::isVolume), after, most, deadline,
                name -> listed(config.volumesDir().resolve(name)));
    }

    private ListedVolume listed(Path file) {
        try {
            return new ListedVolume(Answer.YES, view.look(file), StoredVolume.PLAIN, location(file));
        } catch (DriverException.VolumeMissing e) {
            return ListedVolume.gone();
        }
    }

    private Path fileOf(BackendVolume volume) {
        requireSameFolder(config.volumesDir());
        return config.file(volume.nameId());
    }
}
