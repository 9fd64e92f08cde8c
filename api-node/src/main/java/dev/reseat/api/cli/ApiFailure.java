package dev.reseat.api.cli;

import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.runtime.SecretText;
import java.util.List;
import java.util.Optional;

/** Why the server did not do what it was asked for, sorted by what the operator may conclude. Shows no secret. */
abstract sealed class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private ApiFailure(String message, Throwable cause) {
        super(SecretText.masked(message), cause);
    }

    /** What went wrong, in words. */
    String problem() {
        return getMessage();
    }

    /** What went wrong, as a code; empty if the server named none, or one that is not known here. */
    Optional<ErrorCode> code() {
        return Optional.empty();
    }

    /** The command that gets the operator further, if the server named one. */
    Optional<String> next() {
        return Optional.empty();
    }

    /** The server answered with an error. */
    static final class Answered extends ApiFailure {
        private static final long serialVersionUID = 1L;
        private final int status;
        private final Optional<String> error;
        private final Optional<String> next;
        private final transient List<ObservationView> observations;

        Answered(int status, ErrorCode code, String message) {
            this(status, message, Optional.of(code.text()), Optional.empty(), List.of());
        }

        /**
         * @param error the code, if the server named one
         * @param next the command that gets the operator further
         * @param observations what the refusal rests on
         */
        Answered(int status, String message, Optional<String> error, Optional<String> next,
                List<ObservationView> observations) {
            super(message, null);
            this.status = status;
            this.error = error;
            this.next = next.map(SecretText::masked);
            this.observations = List.copyOf(observations);
        }

        @Override
        Optional<ErrorCode> code() {
            return error.flatMap(ErrorCode::of);
        }

        @Override
        Optional<String> next() {
            return next;
        }

        /** The code as the server wrote it. */
        Optional<String> error() {
            return error;
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
