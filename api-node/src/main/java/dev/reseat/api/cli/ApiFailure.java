package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.runtime.SecretText;
import java.util.List;
import java.util.Optional;

/** Why the server did not do what it was asked for, sorted by what the operator may conclude. Shows no secret. */
abstract sealed class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String NEXT = " Next: ";

    private ApiFailure(String message, Throwable cause) {
        super(SecretText.masked(message), cause);
    }

    /** What went wrong, without the advice. */
    String problem() {
        int next = getMessage().lastIndexOf(NEXT);
        return next < 0 ? getMessage() : getMessage().substring(0, next);
    }

    /** The command that gets the operator further, if the server named one. */
    Optional<String> next() {
        int next = getMessage().lastIndexOf(NEXT);
        return next < 0 ? Optional.empty() : Optional.of(getMessage().substring(next + NEXT.length()));
    }

    /** The server answered with an error. */
    static final class Answered extends ApiFailure {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final transient List<ObservationView> observations;

        Answered(int status, String message) {
            this(status, message, List.of());
        }

        /** @param observations what the refusal rests on */
        Answered(int status, String message, List<ObservationView> observations) {
            super(message, null);
            this.status = status;
            this.observations = List.copyOf(observations);
        }

        List<ObservationView> observations() {
            return observations;
        }

        int status() {
            return status;
        }
    }

    /** The server answered, but what was asked for is not stored. */
    static final class NotStored extends ApiFailure {
        private static final long serialVersionUID = 1L;

        NotStored(String message) {
            super(message, null);
        }
    }

    /** Nothing was asked: there is nobody at the endpoint. */
    static final class Unreachable extends ApiFailure {
        private static final long serialVersionUID = 1L;

        Unreachable(String message, Throwable cause) {
            super(SecretText.masked(message), cause);
        }
    }

    /** The request left and no answer came: it may have been done. */
    static final class OutcomeUnknown extends ApiFailure {
        private static final long serialVersionUID = 1L;

        OutcomeUnknown(String message, Throwable cause) {
            super(SecretText.masked(message), cause);
        }
    }
}
