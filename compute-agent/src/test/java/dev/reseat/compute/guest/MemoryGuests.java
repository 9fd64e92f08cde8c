package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Guests that are in memory only, for tests of what uses guests. */
public final class MemoryGuests implements Guests {
    private final Map<String, Domain> domains = new ConcurrentHashMap<>();
    private volatile boolean silent;

    private record Domain(boolean runs, List<String> running, List<String> stored, boolean lets) {}

    /** A guest with these volumes. */
    public void add(String uuid, boolean runs, List<String> running, List<String> stored, boolean lets) {
        domains.put(uuid, new Domain(runs, new ArrayList<>(running), new ArrayList<>(stored), lets));
    }

    /** From now on nobody is told anything. */
    public void fallSilent() {
        silent = true;
    }

    @Override
    public GuestDisk inspect(Guest guest, GuestVolume volume, Deadline deadline) {
        Domain domain = domains.getOrDefault(guest.instanceUuid(), new Domain(false, List.of(), List.of(), true));
        return silent
                ? GuestDisk.unknown("silent")
                : new GuestDisk(Answer.of(domain.running().contains(volume.volumeId())),
                        Answer.of(domain.stored().contains(volume.volumeId())), Answer.of(domain.runs()), "in memory");
    }

    @Override
    public GuestDisk inspect(GuestVolume volume, Deadline deadline) {
        return silent
                ? GuestDisk.unknown("silent")
                : domains.keySet()
                        .stream()
                        .map(uuid -> inspect(new Guest(uuid, false), volume, deadline))
                        .filter(disk -> disk.listed() == Answer.YES)
                        .reduce(new GuestDisk(Answer.NO, Answer.NO, Answer.NO, "in memory"),
                                (one, other) -> new GuestDisk(one.inRunning().or(other.inRunning()),
                                        one.inStored().or(other.inStored()), one.running().or(other.running()),
                                        "in memory"));
    }

    @Override
    public GuestInventory inventory(Deadline deadline) {
        List<GuestInventory.Disk> disks = new ArrayList<>();
        domains.forEach((uuid, domain) -> {
            List<String> all = new ArrayList<>(domain.running());
            domain.stored().stream().filter(volume -> !all.contains(volume)).forEach(all::add);
            all.forEach(volume -> disks.add(new GuestInventory.Disk(uuid, "volume-" + volume,
                    Answer.of(domain.running().contains(volume)), Answer.of(domain.stored().contains(volume)),
                    Answer.of(domain.runs()), "in memory")));
        });
        return silent ? new GuestInventory(List.of(), List.of("silent")) : new GuestInventory(disks, List.of());
    }

    @Override
    public void detach(Guest guest, GuestVolume volume, Deadline deadline) {
        Domain domain = domains.get(guest.instanceUuid());
        if (silent || (domain == null && guest.activeHere())) {
            throw new GuestRefused("nobody can tell whether it has volume " + volume.volumeId());
        }
        if (domain == null) {
            return;
        }
        boolean live = domain.running().contains(volume.volumeId());
        if (live && (!guest.activeHere() || !domain.lets())) {
            throw new GuestRefused("it keeps volume " + volume.volumeId());
        }
        domain.running().remove(volume.volumeId());
        domain.stored().remove(volume.volumeId());
    }
}
