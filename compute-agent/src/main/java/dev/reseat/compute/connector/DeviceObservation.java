package dev.reseat.compute.connector;

import dev.reseat.contract.evidence.Answer;

/**
 * One thing that was looked at.
 *
 * @param what the place: a lock, a loop device, a session, a multipath map
 * @param held whether this host holds the volume there
 * @param detail what was seen, for the operator
 */
public record DeviceObservation(String what, Answer held, String detail) {
    @Override
    public String toString() {
        return what + " " + held.text() + " (" + detail + ")";
    }
}
