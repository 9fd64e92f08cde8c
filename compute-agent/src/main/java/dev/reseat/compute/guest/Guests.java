package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;

/**
 * The guests of this host. Every method may be repeated; thread-safe, guests are looked at independently of each other.
 */
public interface Guests {
    /** Whether this host runs guests: NO only where its settings say so. */
    default Answer present() {
        return Answer.YES;
    }

    /** What the hypervisor says of one disk. Changes nothing and does not fail: what cannot be found out is unknown. */
    GuestDisk inspect(Guest guest, String volumeId);

    /**
     * What the hypervisor says of one disk and all its guests together: whether any lists it, and whether one that does
     * runs. Changes nothing and does not fail.
     */
    GuestDisk inspect(String volumeId);

    /**
     * Takes the volume out of the guest, the running one and its stored definition. When this returns, neither lists
     * the disk, as far as a hypervisor is there to say so. A guest or disk that does not exist is no failure.
     *
     * @param deadline by when it returns or throws
     * @throws GuestRefused the guest kept the disk, or nobody can tell that it let go; the host connection has to stay
     */
    void detach(Guest guest, String volumeId, Deadline deadline);
}
