package dev.reseat.volume.target;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.runtime.Deadline;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * The iSCSI targets of this host, through one target program; a device has a target of its own. Every method may be
 * repeated, and puts right what one that was killed has left half done. Thread-safe for different targets; what other
 * processes change meanwhile is seen by looking again. Who is kept out is so by whatever large and small letters its
 * name was written with. Fails as a driver does: with {@code DriverException}.
 */
public interface IscsiTargets {
    /** The number of the device's logical unit in its target. */
    int lun();

    /** Returns if targets can be looked at and made; changes nothing. */
    void probe(Deadline deadline);

    /** Every target, by its name. */
    SortedMap<String, IscsiTarget> all(Deadline deadline);

    default Optional<IscsiTarget> find(String iqn, Deadline deadline) {
        return Optional.ofNullable(all(deadline).get(iqn));
    }

    /** What initiators of that target prove themselves with, if the target program has kept it. */
    Optional<Chap> password(String iqn);

    /**
     * Makes the device reachable; lets nobody in who was not let in before.
     *
     * @param chap what initiators have to prove themselves with
     * @return the target, read back
     */
    IscsiTarget export(String iqn, Path device, Chap chap, Deadline deadline);

    /** Lets an initiator in; the target is there already. */
    void admit(String iqn, String initiator, Chap chap, Deadline deadline);

    /**
     * Keeps everybody else out from now on: first they lose the right to come in, then their sessions are closed, as an
     * initiator whose session is closed is back within a second. Returns when they were seen to be gone. A target that
     * is not there keeps everybody out.
     */
    void admitOnly(String iqn, Set<String> initiators, Deadline deadline);

    /**
     * The same for one initiator alone: whoever else is let in, or becomes so meanwhile, stays so. Returns when it was
     * seen to be neither let in nor there.
     */
    void keepOut(String iqn, String initiator, Deadline deadline);

    /** Keeps everybody out and removes the target; returns when it was seen to be gone. */
    void remove(String iqn, Deadline deadline);
}
