package dev.reseat.api.rest;

/** Something a client can ask for. Resources name their routes; the server puts them behind one door. */
@FunctionalInterface
public interface Resource {
    /** Adds every route of the resource. The first route that matches a path is taken. */
    void register(Routes routes);

    /** Answers one request. Runs on a virtual thread and may block. */
    @FunctionalInterface
    interface Endpoint {
        /**
         * Answers through the exchange.
         *
         * @throws RuntimeException to refuse; {@link HttpFault} and service exceptions in their own words, all others
         *     as an internal error without any
         */
        void answer(Exchange exchange);
    }
}
