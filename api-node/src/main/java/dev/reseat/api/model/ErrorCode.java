package dev.reseat.api.model;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Why a request was not done, for programs: what an error of {@code /reseat/v1} says as {@code error}. A code keeps its
 * meaning for good; clients must expect ones they do not know, and go by the HTTP status then.
 */
public enum ErrorCode {
    INVALID_REQUEST(400, "The request makes no sense as it stands."),
    UNAUTHENTICATED(401, "Nobody has said who asks, or the token is not valid."),
    FORBIDDEN(403, "The caller may not do that."),
    NOT_FOUND(404, "There is no such path, or no such thing that has a code of its own."),
    INSTANCE_NOT_FOUND(404, "There is no such instance."),
    VOLUME_NOT_FOUND(404, "There is no such volume, or it is another project's."),
    MAPPING_NOT_FOUND(404, "There is no such block device mapping, or the instance has not that volume."),
    ATTACHMENT_NOT_FOUND(404, "There is no such attachment."),
    METHOD_NOT_ALLOWED(405, "The path has no such method."),
    REQUEST_TIMEOUT(408, "The request did not come in time."),
    CONFLICT(409, "A precondition that has no code of its own does not hold."),
    ATTACHMENT_DAMAGED(409, "The attachment's connector cannot be read: nobody can say whom its backend lets in."),
    ATTACHMENT_STATE(409, "The attachment is in no state that allows it, or is connected to another host."),
    CANNOT_BE_UNDONE(409, "The repair has no exact inverse, or is not done; the plan said so before it was applied."),
    CHANGED_MEANWHILE(409, "Somebody else changed the same thing meanwhile: look again before repeating it."),
    DRIVER_REFUSED(409, "The storage driver refuses, because the volume is used."),
    EVIDENCE_UNKNOWN(409, "A source that is needed is silent; resets and refreshes go on by accept-unknown."),
    INSTANCE_STATE(409, "The instance is in no state that allows it: it must be stopped, on its host, and stay so."),
    LOCK_HELD(409, "Another repair is under way or not known to be over, or the instance was locked meanwhile."),
    MIGRATION_UNDER_WAY(409, "A migration may still be copying the volume."),
    SEVERAL_MAPPINGS(409, "The instance has several mappings of the volume: choose one by its uuid."),
    VOLUME_IN_USE(409, "Somebody uses the volume, or Nova counts on it."),
    WRONG_HOST(409, "The connector is of another host than the instance."),
    REQUEST_TOO_LARGE(413, "The request is larger than allowed."),
    UNSUPPORTED_MEDIA_TYPE(415, "The body is not JSON."),
    TOO_MANY_REQUESTS(429, "The caller has too many requests in flight."),
    HEADERS_TOO_LARGE(431, "The headers of the request are larger than allowed."),
    INTERNAL_ERROR(500, "A fault of the server; its log says more."),
    DRIVER_FAILED(500, "The storage driver was asked and failed."),
    PEER_FAILED(500, "A service or host did its part and failed; the journal says how far it went."),
    NOT_AS_BEFORE(500, "It failed, and not everything is as it was; the message and the journal say what is left."),
    NOT_IMPLEMENTED(501, "The driver or service has no such ability."),
    DATABASE_UNREACHABLE(503, "The database cannot be reached now."),
    NO_CONNECTOR(503, "The host's connector is not known: nobody could be asked for it."),
    PEER_UNREACHABLE(503, "A service or host that is needed cannot be reached now."),
    SERVER_BUSY(503, "The server has no room for the request now, or is being stopped."),
    OUTCOME_UNKNOWN(504, "Somebody did not answer in time and may have done it; the journal will say.");

    private final int status;
    private final String meaning;

    ErrorCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** The code as it travels: {@code instance_not_found}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status it comes with. */
    public int status() {
        return status;
    }

    /** One sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** The code of that text; empty for one that this version does not know. */
    public static Optional<ErrorCode> of(String text) {
        return Stream.of(values()).filter(code -> code.text().equals(text)).findFirst();
    }
}
