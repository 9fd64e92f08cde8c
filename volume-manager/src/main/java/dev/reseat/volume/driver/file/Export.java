package dev.reseat.volume.driver.file;

import dev.reseat.volume.driver.ConnectionRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * One host that may use a volume's file.
 *
 * @param attachmentId empty if the caller knew of no attachment; then the host is what tells exports apart
 */
record Export(
        Optional<String> attachmentId,
        String host,
        Optional<String> initiator,
        Optional<String> instanceUuid,
        Instant exportedAt) {
    Export {
        if (host == null || host.isBlank() || exportedAt == null) {
            throw new IllegalArgumentException("an export needs host and exported_at");
        }
    }

    /** Whether both are for the same attachment, or for the same host and no attachment. */
    boolean isSameAs(ConnectionRequest access) {
        return attachmentId.equals(access.attachmentId())
                && (attachmentId.isPresent() || access.connector().host().filter(host::equals).isPresent());
    }
}
