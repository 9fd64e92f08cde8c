package dev.reseat.compute.connector;

import dev.reseat.compute.block.Disks;
import dev.reseat.compute.block.Multipath;
import dev.reseat.compute.block.MultipathMap;
import dev.reseat.host.Findings;
import dev.reseat.process.CommandFailed;
import dev.reseat.runtime.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The disks by which this host sees one volume: joined to a map, and taken off in os-brick's order. Nothing is forced:
 * what is used, or cannot be written, stays.
 */
public final class VolumeDisks {
    private static final Duration FLUSHING = Duration.ofMinutes(5);
    private static final Duration DELETING = Duration.ofSeconds(30);
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final int IN_USE = 1;

    private final Disks disks;
    private final Multipath multipath;

    public VolumeDisks(Disks disks, Multipath multipath) {
        this.disks = disks;
        this.multipath = multipath;
    }

    /**
     * What a guest is given of them: their map, if there are to be several paths, otherwise the first.
     *
     * @param found at least one
     */
    public Device device(List<String> found, boolean severalPaths, Deadline deadline) throws IOException {
        return severalPaths ? map(found, deadline) : device(found.getFirst(), found.subList(0, 1));
    }

    private Device map(List<String> found, Deadline deadline) throws IOException {
        Optional<MultipathMap> map = mapOf(found);
        Optional<String> id = disks.scsiId(found.getFirst());
        if (map.isEmpty() && id.isPresent()) {
            try {
                multipath.announce(id.get(), found.getFirst(), Within.atMost(SETTLING, deadline));
            } catch (CommandFailed e) {
                throw new ConnectorException.Failed(e.getMessage(), e);
            }
            Within.holds(Within.atMost(SETTLING, deadline), () -> mapOf(found).isPresent());
            map = mapOf(found);
        }
        return device(map.map(MultipathMap::device).orElse(found.getFirst()), found);
    }

    private Optional<MultipathMap> mapOf(List<String> found) throws IOException {
        for (String disk : found) {
            List<MultipathMap> maps = disks.maps(disk);
            if (!maps.isEmpty()) {
                return Optional.of(maps.getFirst());
            }
        }
        return Optional.empty();
    }

    private Device device(String name, List<String> found) {
        return new Device(Path.of("/dev", name), disks.scsiId(found.getFirst()),
                found.size() > 1 || !name.equals(found.getFirst())
                        ? found.stream().map(disk -> Path.of("/dev", disk)).toList()
                        : List.of());
    }

    /**
     * Returns when none of them is there any more.
     *
     * @throws ConnectorException.Busy if one of them is used, and then all are still there
     */
    public void remove(List<String> ours, Deadline deadline) throws IOException {
        Set<MultipathMap> maps = new LinkedHashSet<>();
        for (String disk : ours) {
            maps.addAll(disks.maps(disk));
        }
        List<String> used = new ArrayList<>(ours);
        maps.forEach(map -> used.add(map.device()));
        for (String disk : used) {
            requireUnused(disk);
        }
        for (MultipathMap map : maps) {
            remove(map, deadline);
        }
        for (String disk : ours) {
            if (maps.isEmpty()) {
                flush(disk, deadline);
            }
            delete(disk, deadline);
        }
        if (!maps.isEmpty()) {
            ours.forEach(disk -> forget(disk, deadline));
        }
    }

    /**
     * @throws ConnectorException.Busy if somebody uses it
     * @throws ConnectorException.Failed if that cannot be told
     */
    public void requireUnused(String disk) throws IOException {
        Findings<String> users = disks.users(disk);
        switch (users.any()) {
            case NO -> {}
            case YES -> throw new ConnectorException.Busy(
                    "/dev/" + disk + " is in use by " + users.detail("") + "; nothing was taken away");
            case UNKNOWN -> throw new ConnectorException.Failed(
                    "/dev/" + disk + " may be in use, nothing was taken away; " + users.detail(""));
        }
    }

    /** Returns when the kernel has written what it kept for the disk. */
    public void flush(String disk, Deadline deadline) {
        try {
            disks.flush(disk, Within.atMost(FLUSHING, deadline));
        } catch (CommandFailed e) {
            throw failed(e, disk);
        }
    }

    private void remove(MultipathMap map, Deadline deadline) throws IOException {
        try {
            multipath.flush(map, Within.atMost(FLUSHING, deadline));
        } catch (CommandFailed.Exited e) {
            if (e.exitCode() == IN_USE && disks.exists(map.device())) {
                throw new ConnectorException.Busy("multipath map " + map.name() + " stays: " + e.getMessage());
            }
            throw new ConnectorException.Failed(e.getMessage(), e);
        } catch (CommandFailed e) {
            throw failed(e, map.device());
        }
        if (!Within.holds(Within.atMost(DELETING, deadline), () -> !disks.exists(map.device()))) {
            throw new ConnectorException.Failed("multipath map " + map.name() + " was removed and is still there");
        }
    }

    private void delete(String disk, Deadline deadline) throws IOException {
        try {
            disks.delete(disk, Within.atMost(DELETING, deadline));
        } catch (CommandFailed e) {
            throw failed(e, disk);
        }
        if (!Within.holds(Within.atMost(DELETING, deadline), () -> !disks.exists(disk))) {
            throw new ConnectorException.Failed("/dev/" + disk + " was deleted and is still there");
        }
    }

    private void forget(String disk, Deadline deadline) {
        try {
            multipath.forget(disk, Within.atMost(DELETING, deadline));
        } catch (CommandFailed e) {
            throw failed(e, disk);
        }
    }

    private ConnectorException failed(CommandFailed failure, String disk) {
        String said = failure.getMessage() + disks.state(disk)
                .filter(state -> !state.equals("running"))
                .map(state -> "; /dev/" + disk + " is " + state)
                .orElse("");
        return failure.outcomeUnknown()
                ? new ConnectorException.OutOfTime(said, failure)
                : new ConnectorException.Failed(said, failure);
    }
}
