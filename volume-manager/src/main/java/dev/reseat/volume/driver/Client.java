package dev.reseat.volume.driver;

import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.evidence.Answer;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody the backend lets at a volume, or sees there. What the backend does not know is empty: most know initiators
 * and sessions, and no attachments.
 *
 * @param host the host's name
 * @param initiator the host's name in the protocol
 * @param address where it comes from
 * @param session the session or mapping, as the backend names it
 * @param since since when it is let in or there
 * @param attachmentId for which attachment it was let in
 * @param exported whether the backend lets it in
 * @param inUse whether it uses the volume now: a session, a watcher, a lock, an open file
 * @param detail what was seen and where, for the operator; no secrets
 */
public record Client(
        Optional<String> host,
        Optional<String> initiator,
        Optional<String> address,
        Optional<String> session,
        Optional<Instant> since,
        Optional<String> attachmentId,
        Answer exported,
        Answer inUse,
        String detail) {
    /** Somebody of whom nothing more is known. */
    public static Client unnamed(Answer exported, Answer inUse, String detail) {
        return new Client(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                exported,
                inUse,
                detail);
    }

    /** Whether it was let in by that request: the same attachment where the backend knows it, or else the same host. */
    public boolean isOf(ConnectionRequest request) {
        if (attachmentId.isPresent() && request.attachmentId().isPresent()) {
            return attachmentId.equals(request.attachmentId());
        }
        return (host.isPresent() && host.equals(request.connector().host()))
                || (initiator.isPresent()
                        && (request.connector()
                                .initiator()
                                .filter(name -> InitiatorNames.same(name, initiator.get()))
                                .isPresent()
                                || initiator.equals(request.connector().nqn())));
    }
}
