package dev.reseat.contract.volume;

import dev.reseat.contract.evidence.Answer;
import java.util.Optional;

/**
 * One connection to a volume as its backend sees it.
 *
 * @param attachmentId the attachment it was made for, if the backend knows
 * @param host the host that may use it, or does, if the backend knows
 * @param exported whether the backend lets that host in
 * @param inUse whether somebody uses it now: a session, a lock, an open file
 * @param detail what was seen and where, for the operator; no secrets
 * @param client by what name {@code fence_client} keeps it out, if the backend knows one
 */
public record BackendConnection(
        Optional<String> attachmentId, Optional<String> host, Answer exported, Answer inUse, String detail,
        Optional<String> client) {
    public BackendConnection {
        client = client == null ? Optional.empty() : client; // of an older volume-manager
    }

    public BackendConnection(
            Optional<String> attachmentId, Optional<String> host, Answer exported, Answer inUse, String detail) {
        this(attachmentId, host, exported, inUse, detail, Optional.empty());
    }
}
