package dev.reseat.volume.driver;

import dev.reseat.contract.connection.Connector;
import java.util.Optional;

/**
 * Whom a volume is opened to.
 *
 * @param connector the host
 * @param attachmentId for which attachment; empty when the caller speaks the protocol from before attachments had ids
 */
public record ConnectionRequest(Connector connector, Optional<String> attachmentId, Optional<String> instanceUuid) {
    /** A host, for no attachment in particular. */
    public static ConnectionRequest of(Connector connector) {
        return new ConnectionRequest(connector, Optional.empty(), Optional.empty());
    }
}
