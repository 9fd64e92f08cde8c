package dev.reseat.compute.guest;

import dev.reseat.contract.Answer;
import jakarta.inject.Inject;

/**
 * A host without a hypervisor ({@code compute_driver} none or fake). Nobody can be asked, so every answer is unknown. A
 * detach has nothing to do and says so, except for an instance that Nova has as active here: its guest, if there is one,
 * would lose a disk in use.
 */
public final class NoHypervisor implements Guests {
    private static final System.Logger LOG = System.getLogger(NoHypervisor.class.getName());

    @Inject
    public NoHypervisor() {}

    @Override
    public GuestDisk inspect(Guest guest, String volumeId) {
        return new GuestDisk(Answer.UNKNOWN, Answer.UNKNOWN, "no hypervisor is configured");
    }

    @Override
    public void detach(Guest guest, String volumeId) {
        if (guest.activeHere())
            throw new GuestRefused("instance " + guest.instanceUuid()
                    + " is active here and no hypervisor is configured to take the disk out of its guest");
        LOG.log(System.Logger.Level.INFO,
                "volume {0} is not looked for in the guest of {1}: no hypervisor is configured",
                volumeId, guest.instanceUuid());
    }
}
