package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.DamagedConnector;
import dev.reseat.api.object.StoredObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a connector must be before anybody is asked to export a volume to it. */
final class ConnectorRules {
    /** Parts that rows keep in columns of this many characters. */
    private static final List<String> KEPT = List.of("host", "mountpoint", "mode");
    private static final int COLUMN = 255;
    /** What access is given to. Other parts, such as the address, may change while it stays the same host. */
    private static final List<String> IDENTITY = List.of("host", "initiator", "nqn", "wwpns");

    private ConnectorRules() {}

    /** @throws ServiceException.Invalid if it names no host, or has a part that does not fit its column */
    static void check(Map<String, Object> connector) {
        if (!(connector.get("host") instanceof String host) || host.isBlank()) {
            throw new ServiceException.Invalid(
                    "Invalid input received: Connector doesn't have required information: host");
        }
        for (String key : KEPT) {
            Object value = connector.get(key);
            if (value != null && !(value instanceof String text && text.length() <= COLUMN)) {
                throw new ServiceException.Invalid(
                        "Invalid input received: Connector has a " + key + " that is no text of at most " + COLUMN
                                + " characters");
            }
        }
    }

    /**
     * An export that somebody uses is not handed to somebody else by an update.
     *
     * @throws ServiceException.Conflict if the attachment is connected to another connector
     */
    static void checkSame(Attachment attachment, Map<String, Object> connector) {
        if (attachment.connector().isPresent() && !isSame(attachment.connector().get(), connector)) {
            throw new ServiceException.Conflict(
                    ErrorCode.ATTACHMENT_STATE,
                    "Attachment " + attachment.id() + " is connected to another connector already, of host "
                            + attachment.attachedHost().orElse("unknown") + "; create another attachment.");
        }
    }

    /** @throws ServiceException.Conflict if an attachment's connector cannot be read, which the backend must be told */
    static void checkReadable(Volume volume) {
        try {
            volume.attachments().forEach(CinderObjects::connector);
        } catch (DamagedConnector e) {
            throw damaged(e);
        }
    }

    /** Why nothing was asked, and what clears the attachment away. */
    static ServiceException damaged(DamagedConnector connector) {
        return new ServiceException.Conflict(
                ErrorCode.ATTACHMENT_DAMAGED, connector.getMessage() + " Whom its backend lets in cannot be told.",
                "make sure on the backend that nobody is connected, and then reseat volume reset-state --state"
                        + " available --force skip-driver --force accept-unknown --reason TEXT "
                        + connector.volumeId());
    }

    private static boolean isSame(String stored, Map<String, Object> connector) {
        return StoredObject.of(stored)
                .intact() // of a damaged one nobody knows to whom it is connected
                .map(known -> IDENTITY.stream().allMatch(key -> Objects.equals(known.get(key), connector.get(key))))
                .orElse(false);
    }
}
