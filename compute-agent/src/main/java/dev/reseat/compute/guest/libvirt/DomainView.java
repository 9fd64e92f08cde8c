package dev.reseat.compute.guest.libvirt;

import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What one look at one guest has shown. */
sealed interface DomainView {
    /** What it says of a volume. */
    GuestDisk disk(GuestVolume volume);

    /**
     * The domain is on this host.
     *
     * @param running the disks of the running domain; empty if it does not run
     * @param stored the disks it is started with next; empty for a transient domain, which is gone when it ends
     * @param state as libvirt calls it, with the reason: {@code shut off (crashed)}
     */
    record Seen(String uuid, String name, Optional<List<DomainDisk>> running, Optional<List<DomainDisk>> stored,
            String state) implements DomainView {
        @Override
        public GuestDisk disk(GuestVolume volume) {
            return new GuestDisk(
                    listed(running, volume), listed(stored, volume), Answer.of(running.isPresent()),
                    name + " (" + state + "): "
                            + running.map(disks -> "running with " + told(disks, volume)).orElse("not running")
                            + ", " + stored.map(disks -> "stored with " + told(disks, volume)).orElse("transient"));
        }

        private static Answer listed(Optional<List<DomainDisk>> disks, GuestVolume volume) {
            return disks.stream()
                    .flatMap(List::stream)
                    .map(disk -> disk.isOf(volume))
                    .reduce(Answer.NO, Answer::or);
        }

        private static String told(List<DomainDisk> disks, GuestVolume volume) {
            String those = disks.stream()
                    .filter(disk -> disk.isOf(volume) != Answer.NO)
                    .map(disk -> disk + (disk.isOf(volume) == Answer.UNKNOWN ? ", which may be another" : ""))
                    .collect(Collectors.joining(", "));
            return those.isEmpty() ? "no disk of it" : those;
        }
    }

    /** The hypervisor has answered, and has no such domain: not here, or it was transient and has ended. */
    record Absent(String uuid) implements DomainView {
        @Override
        public GuestDisk disk(GuestVolume volume) {
            return new GuestDisk(Answer.NO, Answer.NO, Answer.NO, "no domain " + uuid + " on this host");
        }
    }

    /** Nobody knows. */
    record Silent(String reason) implements DomainView {
        @Override
        public GuestDisk disk(GuestVolume volume) {
            return GuestDisk.unknown(reason);
        }
    }
}
