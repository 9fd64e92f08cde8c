package dev.reseat.volume.driver.nfs;

import dev.reseat.host.MountTable;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The shares where cinder-volume has mounted them, and the files of volumes there. */
final class ShareFolders {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final NfsBackendConfig config;
    private final MountTable mounts;

    ShareFolders(NfsBackendConfig config, MountTable mounts) {
        this.config = config;
        this.mounts = mounts;
    }

    /**
     * @param share as {@code volumes.provider_location} and the settings write it
     * @param chained whether files of snapshots depend on the volume's
     */
    record Place(String share, Path file, boolean chained) {}

    /**
     * Asks the servers, which no cache answers for.
     *
     * @throws DriverException.NotReady if a share is not mounted, whose folder looks like one without volumes, or its
     *     server says that it cannot; one that does not answer keeps its caller waiting
     */
    void requireAnswering() {
        for (String share : shares().keySet()) {
            requireMounted(share);
            try {
                Files.getFileStore(folder(share)).getTotalSpace();
            } catch (IOException e) {
                throw new DriverException.NotReady("share " + share + " cannot be looked at: " + e, e);
            }
        }
    }

    /** Every share with what hosts are told to mount it with. */
    private Map<String, Optional<String>> shares() {
        if (config.share().isPresent()) {
            return Map.of(config.share().get(), config.options());
        }
        Map<String, Optional<String>> shares = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(config.sharesConfig())) { // SHARE [OPTIONS]
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] words = line.strip().split(" ", 2);
                    shares.put(words[0], words.length > 1 ? Optional.of(words[1].strip()) : Optional.empty());
                }
            }
            return shares;
        } catch (IOException e) {
            throw new DriverException.NotReady(
                    "nfs_shares_config " + config.sharesConfig() + " cannot be read: " + e, e);
        }
    }

    /**
     * The file that guests open: with snapshots, the last of a chain. A volume of which no share is stored is looked
     * for on every share.
     *
     * @throws DriverException.VolumeMissing if it is on none
     */
    Place find(BackendVolume volume) {
        String name = config.nameOf(volume.nameId());
        Collection<String> shares = volume.providerLocation()
                .filter(text -> !text.isBlank())
                .<Collection<String>>map(
                        List::of)
                .orElseGet(() -> shares().keySet());
        for (String share : shares) {
            requireMounted(share);
            if (VolumeFiles.isThere(folder(share).resolve(name))) {
                return place(share, name);
            }
        }
        throw new DriverException.VolumeMissing("volume file " + name + " is not on " + String.join(", ", shares));
    }

    /**
     * Every volume, with the shares that have a file of its name: one, unless something went wrong.
     *
     * @throws DriverException.NotReady if a share is not mounted
     */
    SortedMap<String, List<String>> all() {
        SortedMap<String, List<String>> all = new TreeMap<>();
        for (String share : shares().keySet()) {
            requireMounted(share);
            VolumeFiles.list(folder(share), config.nameTemplate()::names)
                    .forEach(name -> all.merge(name, List.of(share), ShareFolders::both));
        }
        return all;
    }

    private static List<String> both(List<String> some, List<String> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    /** The file that guests open of a volume on a share. */
    Place place(String share, String name) {
        Optional<String> active = active(folder(share), name);
        return new Place(share, folder(share).resolve(active.orElse(name)), active.isPresent());
    }

    private void requireMounted(String share) {
        try {
            if (!mounts.here().contains(folder(share).toString())) {
                throw new DriverException.NotReady(
                        "share " + share + " is not mounted at " + folder(share) + ", as cinder-volume does", null);
            }
        } catch (IOException e) {
            throw new DriverException.NotReady("the mounts of this host cannot be read: " + e, e);
        }
    }

    /** Empty without snapshots. */
    private static Optional<String> active(Path folder, String name) {
        Path chain = folder.resolve(name + ".info");
        try {
            String active = JSON.readTree(Files.readAllBytes(chain)).path("active").asString("");
            if (active.isEmpty() || active.contains("/")) {
                throw new DriverException.BackendFailed(chain + " names no file that is in use");
            }
            return Optional.of(active);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | JacksonException e) {
            throw new DriverException.BackendFailed(chain + " cannot be read: " + e.getClass().getSimpleName(), e);
        }
    }

    /** Cinder names the folder by the share. */
    private Path folder(String share) {
        return MountTable.ofShare(config.mountPointBase(), share);
    }

    /** What hosts are told to mount a share with. */
    Optional<String> options(String share) {
        return shares().getOrDefault(share, Optional.empty());
    }
}
