package dev.reseat.volume.driver.file;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.Connector;
import dev.reseat.host.FileId;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DescribesConnections;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.ExportUse;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.Volume;
import dev.reseat.volume.driver.VolumeDriver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Volumes as files of this host, opened with {@code driver_volume_type} {@code local}. */
final class FileDriver implements VolumeDriver, DescribesConnections, ListsVolumes {
    static final String NAME = "file";

    private final FileConfig config;
    private final FileExports exports;
    private final ConnectionView view;
    private volatile Optional<FileId> prepared = Optional.empty();

    FileDriver(FileConfig config, FileUsers users, InstantSource clock) {
        this.config = config;
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
    public Optional<ModelUpdate> createExport(Volume volume, ConnectionRequest access, Deadline deadline) {
        exports.add(fileOf(volume), access, deadline);
        return Optional.empty();
    }

    @Override
    public ConnectionInfo initializeConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        Path file = fileOf(volume);
        if (!exports.contains(file, access)) {
            throw new DriverException.BackendFailed("volume " + volume.id() + " is not exported to "
                    + access.connector().host().orElse("a host without a name"));
        }
        return ConnectionInfo.of(
                ConnectionInfo.Local.TYPE, Map.of("device_path", file.toString(), "volume_id", volume.id()));
    }

    @Override
    public ExportUse terminateConnection(Volume volume, ConnectionRequest access, Deadline deadline) {
        Path file = fileOf(volume);
        long ofHost = access.connector().host().map(volume::attachmentsOf).orElse(0L);
        if (access.attachmentId().isPresent()) {
            return exports.remove(file, access, ofHost <= 1, deadline);
        }
        return ofHost > 1 ? ExportUse.SHARED : exports.removeHost(file, access, deadline);
    }

    @Override
    public void terminateConnections(Volume volume, Deadline deadline) {
        exports.removeAll(fileOf(volume), deadline);
    }

    @Override
    public void removeExport(Volume volume, Deadline deadline) {
        exports.removeAll(fileOf(volume), deadline);
    }

    @Override
    public List<Client> describe(Volume volume, Deadline deadline) {
        return view.look(fileOf(volume));
    }

    @Override
    public Optional<Map<String, Object>> location(Volume volume) {
        return Optional.of(Map.of(
                "driver_volume_type", ConnectionInfo.Local.TYPE,
                "data", Map.of("device_path", fileOf(volume).toString())));
    }

    @Override
    public SortedMap<String, List<Client>> inventory(Deadline deadline) {
        requireSameFolder(config.volumesDir());
        SortedMap<String, List<Client>> volumes = new TreeMap<>();
        try (Stream<Path> files = Files.list(config.volumesDir())) {
            files.filter(file -> config.isVolume(file) && Files.isRegularFile(file))
                    .takeWhile(_ -> !deadline.isOver())
                    .forEach(file -> volumes.put(file.getFileName().toString(), view.look(file)));
        } catch (IOException | UncheckedIOException e) {
            throw new DriverException.BackendFailed(config.volumesDir() + " cannot be listed: " + e, e);
        }
        if (deadline.isOver()) {
            throw new DriverException.BackendFailed(
                    config.volumesDir() + " has more volumes than can be looked at in time");
        }
        return volumes;
    }

    private Path fileOf(Volume volume) {
        requireSameFolder(config.volumesDir());
        return config.file(volume.nameId());
    }
}
