package dev.reseat.compute.guest.libvirt;

import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.GuestInventory;
import dev.reseat.compute.guest.GuestRefused;
import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.compute.guest.Guests;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Guests of libvirt. A domain's uuid is its instance's, as Nova makes them. What a hypervisor that answers does not
 * list is not there; one that does not answer leaves everything unknown. Taking a disk out goes as in Nova's driver:
 * the stored definition, then the running domain, again until it has let go.
 */
final class LibvirtGuests implements Guests {
    private static final System.Logger LOG = System.getLogger(LibvirtGuests.class.getName());

    private final Virsh virsh;
    private final DomainLooks looks;
    private final DiskDetacher detacher;

    @Inject
    LibvirtGuests(Virsh virsh, DomainLooks looks, DiskDetacher detacher) {
        this.virsh = virsh;
        this.looks = looks;
        this.detacher = detacher;
    }

    @Override
    public GuestDisk inspect(Guest guest, GuestVolume volume, Deadline deadline) {
        return looks.look(guest.instanceUuid(), deadline).disk(volume);
    }

    @Override
    public GuestDisk inspect(GuestVolume volume, Deadline deadline) {
        Collection<DomainView> all;
        try {
            all = looks.all(deadline).values();
        } catch (HypervisorSilent e) {
            return GuestDisk.unknown(e.getMessage());
        }
        List<GuestDisk> telling = all.stream()
                .map(view -> view.disk(volume))
                .filter(disk -> disk.listed() != Answer.NO)
                .toList();
        return telling.stream()
                .reduce((one, other) -> new GuestDisk(
                        one.inRunning().or(other.inRunning()), one.inStored().or(other.inStored()),
                        one.running().or(other.running()), one.detail() + "; " + other.detail()))
                .orElseGet(() -> new GuestDisk(Answer.NO, Answer.NO, Answer.NO,
                        "none of " + all.size() + " domains of " + virsh.uri() + " lists it"));
    }

    @Override
    public GuestInventory inventory(Deadline deadline) {
        Map<String, DomainView> all;
        try {
            all = looks.all(deadline);
        } catch (HypervisorSilent e) {
            return new GuestInventory(List.of(), List.of(e.getMessage()));
        }
        List<GuestInventory.Disk> disks = new ArrayList<>();
        List<String> blind = new ArrayList<>();
        all.values().forEach(view -> {
            switch (view) {
                case DomainView.Seen seen -> disks.addAll(disks(seen));
                case DomainView.Silent silent -> blind.add(silent.reason());
                case DomainView.Absent _ -> {} // it has ended meanwhile
            }
        });
        return new GuestInventory(disks, blind);
    }

    private static List<GuestInventory.Disk> disks(DomainView.Seen seen) {
        List<DomainDisk> running = seen.running().orElse(List.of());
        List<DomainDisk> stored = seen.stored().orElse(List.of());
        List<String> inRunning = running.stream().map(DomainDisk::name).toList();
        List<String> inStored = stored.stream().map(DomainDisk::name).toList();
        return Stream.concat(running.stream(), stored.stream())
                .filter(DomainDisk::mayBeAVolume)
                .collect(Collectors.toMap(DomainDisk::name, disk -> disk, (one, _) -> one))
                .values()
                .stream()
                .map(disk -> new GuestInventory.Disk(
                        seen.uuid(), disk.name(), Answer.of(inRunning.contains(disk.name())),
                        Answer.of(inStored.contains(disk.name())), Answer.of(seen.running().isPresent()),
                        seen.name() + " (" + seen.state() + "), " + disk.target(),
                        addresses(running, disk.name()), addresses(stored, disk.name())))
                .toList();
    }

    private static List<String> addresses(List<DomainDisk> disks, String name) {
        return disks.stream()
                .filter(disk -> disk.name().equals(name))
                .flatMap(disk -> disk.addresses().stream())
                .distinct()
                .toList();
    }

    @Override
    public void detach(Guest guest, GuestVolume volume, Deadline deadline) {
        switch (looks.look(guest.instanceUuid(), deadline)) {
            case DomainView.Silent silent -> throw new GuestRefused("whether the guest of instance "
                    + guest.instanceUuid() + " has volume " + volume.volumeId() + " cannot be found out: "
                    + silent.reason());
            case DomainView.Absent absent -> passOver(guest, volume, absent);
            case DomainView.Seen seen -> detach(guest, volume, seen, deadline);
        }
    }

    private void passOver(Guest guest, GuestVolume volume, DomainView.Absent absent) {
        if (guest.activeHere()) {
            throw new GuestRefused("instance " + guest.instanceUuid() + " is active here, and "
                    + absent.disk(volume).detail() + " for " + virsh.uri() + ": it may be another hypervisor's");
        }
        LOG.log(System.Logger.Level.WARNING, "{0}, so volume {1} is in none", absent.disk(volume).detail(),
                volume.volumeId());
    }

    private void detach(Guest guest, GuestVolume volume, DomainView.Seen seen, Deadline deadline) {
        GuestDisk disk = seen.disk(volume);
        if (disk.listed() == Answer.UNKNOWN || disk.inRunning() == Answer.UNKNOWN
                || disk.inStored() == Answer.UNKNOWN) {
            throw new GuestRefused("which disk is volume " + volume.volumeId() + " cannot be told: " + disk.detail());
        }
        if (disk.inRunning() == Answer.YES && !guest.activeHere()) {
            throw new GuestRefused("instance " + guest.instanceUuid()
                    + " runs with the volume, though Nova does not have it as active here: " + disk.detail());
        }
        if (disk.listed() == Answer.NO) {
            LOG.log(System.Logger.Level.INFO, "volume {0} is in neither definition of {1}", volume.volumeId(),
                    seen.name());
            return;
        }
        detacher.detach(seen, volume, deadline);
    }
}
