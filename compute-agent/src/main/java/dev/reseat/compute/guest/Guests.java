package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;

/**
 * The guests of this host. Every method may be repeated, and returns or throws by its deadline; thread-safe, guests are
 * looked at independently of each other.
 */
public interface Guests {
    /** Whether this host runs guests: NO only where its settings say so. */
    default Answer present() {
        return Answer.YES;
    }

    /** What the hypervisor says of one disk. Changes nothing and does not fail: what cannot be found out is unknown. */
    GuestDisk inspect(Guest guest, GuestVolume volume, Deadline deadline);

    /**
     * What the hypervisor says of one disk and all its guests together: whether any lists it, and whether one that does
     * runs. Changes nothing and does not fail.
     */
    GuestDisk inspect(GuestVolume volume, Deadline deadline);

    /** Every disk of every guest. Changes nothing and does not fail: what cannot be looked at is said. */
    GuestInventory inventory(Deadline deadline);

    /**
     * Takes the volume out of the guest, the running one and its stored definition. When this returns, neither lists
     * the disk; that was read back, as far as a hypervisor is there to say so. A guest or disk that does not exist is
     * no failure. A guest that runs although Nova does not have it as active keeps its disk.
     *
     * @throws GuestRefused the guest kept the disk, or nobody can tell that it let go; the host connection has to stay
     */
    void detach(Guest guest, GuestVolume volume, Deadline deadline);
}
