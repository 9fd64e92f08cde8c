package dev.reseat.api.service;

import dev.reseat.api.flow.Wait;
import dev.reseat.contract.Secrets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a refresh has decided before it began, as the journal keeps it: enough to go on, or back, after a crash.
 *
 * @param host where the instance is; empty in a journal of an earlier version
 * @param oldAttachmentId empty for a mapping of the old flow
 * @param oldAttachments the instance's live attachments of the volume; a mapping of the old flow does not name its own
 * @param newAttachmentId chosen up front, so that it can be found again; a cinder-api that makes attachments chooses
 *     another one, which the journal tells with step {@code reserve}
 * @param locked whether the instance was locked before; such a lock stays
 * @param lockReason of the lock this refresh takes
 * @param connector given by the operator; otherwise the agent is asked
 * @param waiting who waits for it; left out in a journal of an earlier version
 */
record RefreshPlan(
        String bdmUuid,
        String instanceUuid,
        String volumeId,
        Optional<String> host,
        Optional<String> oldAttachmentId,
        List<String> oldAttachments,
        String newAttachmentId,
        boolean locked,
        String lockReason,
        Optional<Map<String, Object>> connector,
        Wait waiting) {
    /** How a refresh is taken back. */
    static final Inverse INVERSE = new Inverse.None(
            "the old attachment is deleted, and block storage gives no connection out under its id again");

    RefreshPlan {
        waiting = waiting == null ? Wait.FOR_ANSWER : waiting;
        oldAttachments = List.copyOf(oldAttachments);
    }

    RefreshPlan withNewAttachment(String id) {
        return new RefreshPlan(
                bdmUuid, instanceUuid, volumeId, host, oldAttachmentId, oldAttachments, id, locked, lockReason,
                connector, waiting);
    }

    /** The operator's connector; not one that came back from the journal with secrets masked. */
    Optional<Map<String, Object>> wholeConnector() {
        return connector.filter(values -> !Secrets.isMasked(values));
    }
}
