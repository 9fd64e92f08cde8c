package dev.reseat.volume.driver;

import dev.reseat.contract.connection.Connector;
import java.util.Optional;

/**
 * A live attachment of a volume.
 *
 * @param connector the host it is for; empty while nobody has asked to connect
 */
public record VolumeAttachment(String id, Optional<String> instanceUuid, Optional<Connector> connector) {
    /** Whether it is known to be for the host of that name. */
    public boolean isFor(String host) {
        return connector.flatMap(Connector::host).filter(host::equals).isPresent();
    }

    /** Whom the volume is to be opened to for this attachment; empty without a connector. */
    public Optional<ConnectionRequest> access() {
        return connector.map(known -> new ConnectionRequest(known, Optional.of(id), instanceUuid));
    }
}
