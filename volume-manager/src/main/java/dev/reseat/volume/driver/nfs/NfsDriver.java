package dev.reseat.volume.driver.nfs;

import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.StoredVolume.LockState;
import dev.reseat.contract.volume.StoredVolume.ObjectState;
import dev.reseat.host.FileUsers;
import dev.reseat.host.Findings;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.ConnectionRequest;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.InventoryPage;
import dev.reseat.volume.driver.ListedVolume;
import dev.reseat.volume.driver.ListsVolumes;
import dev.reseat.volume.driver.ModelUpdate;
import dev.reseat.volume.driver.OpenToEveryHost;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Files on shares. There is no export to make or to take away, and no host is kept out. Who has a file is seen by its
 * locks on this host only, so that nobody does stays a doubt here: it is for the hosts to say. Follows
 * {@code cinder.volume.drivers.nfs}.
 */
final class NfsDriver implements OpenToEveryHost, ListsVolumes {
    static final String NAME = "nfs";
    private static final Set<String> FORMATS = Set.of("raw", "qcow2");

    private final NfsBackendConfig config;
    private final ShareFolders shares;
    private final FileUsers users;
    private final BackendPrograms programs;
    private final JsonMapper json = JsonMapper.builder().build();

    NfsDriver(NfsBackendConfig config, ShareFolders shares, FileUsers users, BackendPrograms programs) {
        this.config = config;
        this.shares = shares;
        this.users = users;
        this.programs = programs;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void prepare(Deadline deadline) {
        probe(deadline);
    }

    @Override
    public void probe(Deadline deadline) {
        shares.requireAnswering();
    }

    @Override
    public Map<String, Object> capabilities() {
        Map<String, Object> capabilities = new LinkedHashMap<>();
        capabilities.put("vendor_name", "Open Source");
        capabilities.put("driver_version", "1.4.0");
        capabilities.put("storage_protocol", "NFS");
        return capabilities;
    }

    @Override
    public Optional<ModelUpdate> createExport(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "look for a volume");
        shares.find(volume);
        return Optional.empty();
    }

    @Override
    public ConnectionInfo initializeConnection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        ShareFolders.Place place = shares.find(volume);
        Map<String, Object> data = new LinkedHashMap<>(way(place));
        data.put("options", shares.options(place.share()).orElse(null));
        data.put("format", format(place.file(), deadline));
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("driver_volume_type", ConnectionInfo.Nfs.TYPE);
        info.put("data", data);
        info.put("mount_point_base", config.mountPointBase().toString());
        return ConnectionInfo.of(info);
    }

    /** A share is everybody's who mounts it, so nothing is done for a host. */
    @Override
    public Optional<ConnectionInfo> connection(BackendVolume volume, ConnectionRequest access, Deadline deadline) {
        return Optional.of(initializeConnection(volume, access, deadline));
    }

    /** A guest's file is read beside it, without a lock of its own. */
    private String format(Path file, Deadline deadline) {
        CommandResult result = programs.run(
                deadline, "qemu-img", "info", "--force-share", "--output=json", file.toString());
        try {
            String format = json.readTree(result.output()).path("format").asString("");
            if (!FORMATS.contains(format)) {
                throw new DriverException.BackendFailed(file + " is neither raw nor qcow2");
            }
            return format;
        } catch (JacksonException e) {
            throw new DriverException.BackendFailed("qemu-img has printed no JSON of " + file, e);
        }
    }

    /** Nobody can lock a volume for himself: locks of files are those of who has them open. */
    @Override
    public StoredVolume stored(BackendVolume volume, Deadline deadline) {
        return stored(shares.find(volume));
    }

    private static StoredVolume stored(ShareFolders.Place place) {
        return new StoredVolume(place.chained() ? ObjectState.BUSY : ObjectState.PRESENT, LockState.NONE);
    }

    @Override
    public List<Client> describe(BackendVolume volume, Deadline deadline) {
        return clients(shares.find(volume).file());
    }

    private List<Client> clients(Path file) {
        Findings<String> seen = users.look(file);
        return seen.any() == Answer.NO
                ? List.of()
                : List.of(Client.unnamed(seen.any(), seen.any(), "seen from this host: " + seen.detail("")));
    }

    @Override
    public Optional<Map<String, Object>> location(BackendVolume volume, Deadline deadline) {
        return location(shares.find(volume));
    }

    private static Optional<Map<String, Object>> location(ShareFolders.Place place) {
        return Optional.of(Map.of("driver_volume_type", ConnectionInfo.Nfs.TYPE, "data", way(place)));
    }

    private static Map<String, Object> way(ShareFolders.Place place) {
        return Map.of("export", place.share(), "name", place.file().getFileName().toString());
    }

    @Override
    public InventoryPage inventory(Optional<String> after, int most, Deadline deadline) {
        SortedMap<String, List<String>> all = shares.all();
        return InventoryPage.of(
                new TreeSet<>(all.keySet()), after, most, deadline, name -> listed(name, all.get(name)));
    }

    /** Whoever has one of several files of one name is at the volume; which of them it is nobody can tell. */
    private ListedVolume listed(String name, List<String> on) {
        try {
            List<ShareFolders.Place> places = on.stream().map(share -> shares.place(share, name)).toList();
            return new ListedVolume(
                    Answer.YES,
                    places.stream().flatMap(place -> clients(place.file()).stream()).toList(),
                    places.size() == 1 ? stored(places.getFirst()) : StoredVolume.UNTOLD,
                    places.size() == 1 ? location(places.getFirst()) : Optional.empty());
        } catch (DriverException.BackendFailed e) { // of this one: the others can be looked at
            return ListedVolume.unseen(e.getMessage());
        }
    }
}
