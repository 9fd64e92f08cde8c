package dev.reseat.compute.guest.libvirt;

import dev.reseat.compute.guest.GuestRefused;
import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Takes a volume's disks out of a domain. What a command answers is no proof: {@code virsh detach-disk} succeeds while
 * a guest that does not listen keeps its disk. So each is looked for again.
 */
final class DiskDetacher {
    private static final System.Logger LOG = System.getLogger(DiskDetacher.class.getName());
    /** The answer to one who asks a second time: the guest has been asked and has not answered. */
    private static final String ASKED = "already in the process of unplug";
    /** Between looks at a guest that takes its time. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final LibvirtConfig config;
    private final Virsh virsh;
    private final DomainLooks looks;

    @Inject
    DiskDetacher(LibvirtConfig config, Virsh virsh, DomainLooks looks) {
        this.config = config;
        this.virsh = virsh;
        this.looks = looks;
    }

    /**
     * When this returns, neither definition lists the volume, or the domain has ended and was transient.
     *
     * @throws GuestRefused one does, or nobody can tell
     */
    void detach(DomainView.Seen domain, GuestVolume volume, Deadline deadline) {
        boolean runs = !targets(domain.running(), domain, volume).isEmpty(); // before anything is changed
        List<String> stored = targets(domain.stored(), domain, volume);
        if (!stored.isEmpty()) {
            fromStored(domain, volume, stored, deadline);
        }
        if (runs) {
            fromRunning(domain, volume, deadline);
        }
    }

    private void fromStored(DomainView.Seen domain, GuestVolume volume, List<String> targets, Deadline deadline) {
        try {
            targets.forEach(target -> virsh.ask(deadline, "detach-disk", "--domain", domain.uuid(), "--target", target,
                    "--config"));
        } catch (HypervisorSilent e) {
            throw kept(domain, volume, "its stored definition: " + e.getMessage());
        }
        seen(domain, volume, "", deadline).filter(left -> !targets(left.stored(), left, volume).isEmpty())
                .ifPresent(left -> {
                    throw kept(left, volume, "its stored definition still has it");
                });
    }

    private void fromRunning(DomainView.Seen domain, GuestVolume volume, Deadline deadline) {
        String said = "";
        for (int attempt = 1; attempt <= config.detachAttempts(); attempt++) {
            Deadline turn = deadline.within(config.detachTimeout());
            Optional<DomainView.Seen> left = seen(domain, volume, said, deadline);
            List<String> targets = left.map(seen -> targets(seen.running(), seen, volume)).orElse(List.of());
            if (targets.isEmpty()) {
                return;
            }
            for (String target : targets) {
                LOG.log(System.Logger.Level.INFO, "{0}/{1}: {2} of {3} is to be unplugged", attempt,
                        config.detachAttempts(), target, domain.name());
                said = unplug(domain, target, turn);
            }
            if (isGone(domain, volume, said, turn, deadline)) {
                return;
            }
            if (!said.isEmpty() && !said.contains(ASKED)) {
                break; // it has refused, and would again
            }
        }
        throw kept(domain, volume, said.isEmpty() ? "the guest has not answered" : said);
    }

    /** @return what was said against it; empty if nothing, which proves nothing */
    private String unplug(DomainView.Seen domain, String target, Deadline turn) {
        try {
            CommandResult result = virsh.tryTo(turn, "detach-disk", "--domain", domain.uuid(), "--target", target,
                    "--live");
            return result.exitCode() == 0 ? "" : result.errors().strip();
        } catch (HypervisorSilent e) {
            return ASKED + ", or is not: " + e.getMessage();
        }
    }

    /** Waits for the guest until it has let go or its turn is over. */
    private boolean isGone(DomainView.Seen domain, GuestVolume volume, String said, Deadline turn, Deadline deadline) {
        boolean waiting = true;
        while (true) {
            boolean gone = seen(domain, volume, said, deadline)
                    .filter(seen -> !targets(seen.running(), seen, volume).isEmpty())
                    .isEmpty();
            if (gone || !waiting || turn.isOver()) {
                return gone;
            }
            waiting = awaitEvent(domain, turn);
        }
    }

    /** @return whether it makes sense to wait once more: something was removed, or it took the time to say no */
    private boolean awaitEvent(DomainView.Seen domain, Deadline turn) {
        Duration patience = turn.within(PATIENCE).remaining();
        long seconds = Math.max(1, patience.toSeconds());
        try {
            CommandResult result = virsh.tryTo(turn, "event", "--domain", domain.uuid(), "--event", "device-removed",
                    "--timeout", String.valueOf(seconds));
            return result.exitCode() == 0 || result.output().contains("timed out");
        } catch (HypervisorSilent e) {
            return false; // the look that follows says why
        }
    }

    /** The domain now; empty if it has ended and left nothing. */
    private Optional<DomainView.Seen> seen(DomainView.Seen domain, GuestVolume volume, String said,
            Deadline deadline) {
        return switch (looks.look(domain.uuid(), deadline)) {
            case DomainView.Seen now -> Optional.of(now);
            case DomainView.Absent _ -> Optional.empty();
            case DomainView.Silent silent -> throw new GuestRefused("whether " + domain.name()
                    + " has let go of volume " + volume.volumeId() + " cannot be found out: " + silent.reason()
                    + (said.isEmpty() ? "" : "; before, " + said));
        };
    }

    /** @throws GuestRefused if one of them is more than this volume: it is being copied from or to, or stands on it */
    private static List<String> targets(Optional<List<DomainDisk>> disks, DomainView.Seen domain, GuestVolume volume) {
        List<DomainDisk> those = disks.orElse(List.of())
                .stream()
                .filter(disk -> disk.isOf(volume) == Answer.YES)
                .toList();
        those.stream().filter(disk -> !disk.isItself(volume)).findFirst().ifPresent(disk -> {
            throw new GuestRefused(domain.name() + " has volume " + volume.volumeId() + " below or beside " + disk
                    + ": a copy or snapshot is under way");
        });
        return those.stream().map(DomainDisk::target).toList();
    }

    private static GuestRefused kept(DomainView.Seen domain, GuestVolume volume, String reason) {
        return new GuestRefused(
                domain.name() + " of instance " + domain.uuid() + " keeps volume " + volume.volumeId() + ": " + reason);
    }
}
