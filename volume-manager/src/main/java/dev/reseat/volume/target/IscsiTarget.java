package dev.reseat.volume.target;

import dev.reseat.contract.connection.InitiatorNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An iSCSI target as it is now.
 *
 * @param id what the target program calls it, as Cinder keeps it in {@code provider_location}
 * @param open whether it lets in every initiator that has the password, whatever its name
 * @param admitted the initiators that it lets in by name; they are found in it however they are written
 * @param sessions who is connected, whether let in any more or not
 */
public record IscsiTarget(String iqn, String id, boolean open, Set<String> admitted, List<Session> sessions) {
    public IscsiTarget {
        admitted = InitiatorNames.of(admitted);
        sessions = List.copyOf(sessions);
    }

    /** Whether it lets that initiator in by name, or has a session of it. */
    public boolean knows(String initiator) {
        return admitted.contains(initiator)
                || sessions.stream().anyMatch(session -> InitiatorNames.same(session.initiator(), initiator));
    }

    /**
     * A connection of an initiator. One whose host died without a farewell stays in the list.
     *
     * @param id as the target program names it
     */
    public record Session(String id, String initiator, Optional<String> address) {}
}
