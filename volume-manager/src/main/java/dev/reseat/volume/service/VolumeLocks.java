package dev.reseat.volume.service;

import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.runtime.RequestTimes;

/**
 * One volume is worked on by one request at a time. Here the deadline of a request is made: it covers the wait for the
 * volume, the questions to the state service and the driver's work. Thread-safe.
 */
public final class VolumeLocks {
    private final KeyedLocks locks = new KeyedLocks();
    private final RequestTimes times;

    public VolumeLocks(RequestTimes times) {
        this.times = times;
    }

    /** @throws VolumeException.Busy if somebody else has the volume until the deadline: nothing was done */
    KeyedLocks.Held toChange(String volumeId, String method) {
        return toChange(volumeId, method, Deadline.never());
    }

    /** The same within the time that is left of the caller's. */
    KeyedLocks.Held toChange(String volumeId, String method, Deadline outer) {
        return take(volumeId, method, changing(outer));
    }

    /** @throws VolumeException.Busy if somebody else has the volume until the deadline */
    KeyedLocks.Held toLook(String volumeId, String method, Deadline outer) {
        return take(volumeId, method, looking(outer));
    }

    /** By when something is to be done that is of no volume, within the time that is left of the caller's. */
    Deadline changing(Deadline outer) {
        return outer.within(times.changing());
    }

    /** By when a question is to be answered that is of no volume. */
    Deadline looking() {
        return looking(Deadline.never());
    }

    /** The same within the time that is left of the caller's. */
    Deadline looking(Deadline outer) {
        return outer.within(times.looking());
    }

    private KeyedLocks.Held take(String volumeId, String method, Deadline deadline) {
        try {
            return locks.hold("volume " + volumeId, method, deadline);
        } catch (KeyedLocks.TimedOut e) {
            throw new VolumeException.Busy(e.getMessage(), e);
        }
    }
}
