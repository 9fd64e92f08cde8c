package dev.reseat.compute.guest;

import dev.reseat.contract.evidence.Answer;

/**
 * What a hypervisor knows of one volume and one guest.
 *
 * @param inRunning whether the running guest has the disk; NO if it does not run
 * @param inStored whether the stored definition, which the guest is started from next, lists the disk
 * @param running whether the guest runs
 * @param detail what was seen, for the operator
 */
public record GuestDisk(Answer inRunning, Answer inStored, Answer running, String detail) {
    /** Nobody can be asked. */
    public static GuestDisk unknown(String reason) {
        return new GuestDisk(Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN, reason);
    }

    /** Whether either definition lists the disk. */
    public Answer listed() {
        return inRunning.or(inStored);
    }
}
