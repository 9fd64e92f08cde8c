package dev.reseat.api.flow;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.contract.evidence.Observation;
import java.util.List;
import java.util.Optional;

/**
 * Why a request was not done, sorted by what the caller can do about it. Unless a kind says otherwise nothing changed.
 */
public abstract sealed class ServiceException extends RuntimeException {
    private final ErrorCode code;
    private final String next;
    private transient List<Observation> observations = List.of();

    /** @param general of the kind; every code of a kind has its HTTP status */
    private ServiceException(ErrorCode general, ErrorCode code, String message, String next, Throwable cause) {
        super(message, cause);
        if (code.status() != general.status()) {
            throw new IllegalArgumentException(code + " is no " + getClass().getSimpleName());
        }
        this.code = code;
        this.next = next;
    }

    /** Why, for programs. */
    public ErrorCode code() {
        return code;
    }

    /** The command that gets the operator further, if there is one. */
    public Optional<String> next() {
        return Optional.ofNullable(next);
    }

    /** What the decision against the request rests on; empty if nobody had to be asked. */
    public List<Observation> observations() {
        return observations;
    }

    /** Says what the decision rests on. */
    public void restsOn(List<Observation> seen) {
        observations = List.copyOf(seen);
    }

    /** What is asked for does not exist. */
    public static final class NotFound extends ServiceException {
        public NotFound(String message) {
            this(ErrorCode.NOT_FOUND, message);
        }

        public NotFound(ErrorCode code, String message) {
            super(ErrorCode.NOT_FOUND, code, message, null, null);
        }
    }

    /** The request can never be done as it stands. */
    public static final class Invalid extends ServiceException {
        public Invalid(String message) {
            super(ErrorCode.INVALID_REQUEST, ErrorCode.INVALID_REQUEST, message, null, null);
        }
    }

    /** The request is well formed, but a precondition does not hold now; the message names it. */
    public static final class Conflict extends ServiceException {
        public Conflict(String message) {
            this(message, null);
        }

        public Conflict(String message, String next) {
            this(ErrorCode.CONFLICT, message, next);
        }

        public Conflict(ErrorCode code, String message) {
            this(code, message, null);
        }

        public Conflict(ErrorCode code, String message, String next) {
            super(ErrorCode.CONFLICT, code, message, next, null);
        }
    }

    /** The backend's driver, or the peer, has no such ability. */
    public static final class NotImplemented extends ServiceException {
        public NotImplemented(String message, String next) {
            super(ErrorCode.NOT_IMPLEMENTED, ErrorCode.NOT_IMPLEMENTED, message, next, null);
        }
    }

    /** A peer did its part of the work and failed; the journal says how far it went. */
    public static final class Failed extends ServiceException {
        public Failed(String message, String next, Throwable cause) {
            this(ErrorCode.PEER_FAILED, message, next, cause);
        }

        public Failed(ErrorCode code, String message, String next, Throwable cause) {
            super(ErrorCode.INTERNAL_ERROR, code, message, next, cause);
        }
    }

    /** Nobody was there to ask: database, broker or peer cannot be reached. Try again later. */
    public static final class Unavailable extends ServiceException {
        public Unavailable(String message, Throwable cause) {
            this(message, null, cause);
        }

        public Unavailable(String message, String next, Throwable cause) {
            this(ErrorCode.PEER_UNREACHABLE, message, next, cause);
        }

        public Unavailable(ErrorCode code, String message, String next, Throwable cause) {
            super(ErrorCode.PEER_UNREACHABLE, code, message, next, cause);
        }
    }

    /** A peer did not answer in time: it may have done its part. The reconciler asks it before anything is repeated. */
    public static final class Unknown extends ServiceException {
        public Unknown(String message, String next, Throwable cause) {
            super(ErrorCode.OUTCOME_UNKNOWN, ErrorCode.OUTCOME_UNKNOWN, message, next, cause);
        }
    }
}
