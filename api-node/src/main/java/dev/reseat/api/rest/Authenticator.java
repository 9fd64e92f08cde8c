package dev.reseat.api.rest;

import java.util.Optional;

/** Says who asks. Safe for use by many threads; it may block. */
public interface Authenticator {
    /** @throws HttpFault 503 if nobody is there who could tell */
    Decision decide(Headers headers);

    /** The headers of a request. */
    @FunctionalInterface
    interface Headers {
        /** @param name in any case */
        Optional<String> header(String name);
    }

    /** What came of it. */
    sealed interface Decision {
        /** We know who asks. */
        record Known(Caller caller) implements Decision {}

        /** Nobody said who he is, and gets a token made up for him, as OpenStack's noauth does. */
        record Offered(String token) implements Decision {}

        /**
         * We do not know, or do not believe it.
         *
         * @param challenge for the header {@code WWW-Authenticate}
         */
        record Denied(String challenge) implements Decision {}
    }
}
