package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;

/**
 * A host whose hypervisor cannot be asked. Every answer is unknown, and every detach is refused: a guest might be there
 * and lose a disk in use. Only where the settings say that this host runs no guests ({@code compute_driver = none}) the
 * answer is no, and a detach has nothing to do and says so; it is refused even then for an instance that Nova has as
 * active here.
 */
public final class NoHypervisor implements Guests {
    private static final System.Logger LOG = System.getLogger(NoHypervisor.class.getName());

    private final GuestsConfig config;

    @Inject
    public NoHypervisor(GuestsConfig config) {
        this.config = config;
    }

    @Override
    public Answer present() {
        return config.saysNone() ? Answer.NO : Answer.UNKNOWN;
    }

    @Override
    public GuestDisk inspect(Guest guest, GuestVolume volume, Deadline deadline) {
        return inspect(volume, deadline); // no guest differs from another here
    }

    @Override
    public GuestDisk inspect(GuestVolume volume, Deadline deadline) {
        return config.saysNone()
                ? new GuestDisk(
                        Answer.NO, Answer.NO, Answer.NO, "this host runs no guests, says [DEFAULT] compute_driver")
                : GuestDisk.unknown(silence());
    }

    @Override
    public GuestInventory inventory(Deadline deadline) {
        return new GuestInventory(List.of(), config.saysNone() ? List.of() : List.of(silence()));
    }

    private String silence() {
        return "hypervisor '" + config.driver() + "' cannot be asked by this agent";
    }

    @Override
    public void detach(Guest guest, GuestVolume volume, Deadline deadline) {
        if (!config.saysNone()) {
            throw new GuestRefused("whether the guest of instance " + guest.instanceUuid() + " has volume "
                    + volume.volumeId() + " cannot be found out: " + silence()
                    + "; on a host without guests set [DEFAULT] compute_driver = none");
        }
        if (guest.activeHere()) {
            throw new GuestRefused("instance " + guest.instanceUuid()
                    + " is active here and no hypervisor is configured to take the disk out of its guest");
        }
        LOG.log(System.Logger.Level.INFO,
                "volume {0} is not looked for in the guest of {1}: no hypervisor is configured",
                volume.volumeId(), guest.instanceUuid());
    }
}
