package dev.reseat.api.conductor;

import dev.reseat.api.object.DamagedConnector;
import dev.reseat.api.store.StoreException;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import java.util.List;
import java.util.Map;

/**
 * Arguments of peers that no row can hold, and rows that no object can: named as a Python service would name them, and
 * nothing is done.
 */
final class PeerValues {
    private static final String BUILTINS = "builtins";

    private PeerValues() {}

    /** The method, whose refused values are answered as a {@code ValueError}. */
    static <A> Endpoint.Handler<A> checking(Endpoint.Handler<A> method) {
        return (context, args) -> {
            try {
                return method.handle(context, args);
            } catch (StoreException.Unfit e) {
                throw new EndpointFailure(
                        Failure.of(BUILTINS, "ValueError", "a value is too long or has characters that are not stored"),
                        e);
            } catch (DamagedConnector e) {
                throw new EndpointFailure(
                        new Failure(
                                "InvalidVolume", "cinder.exception", e.getMessage(), List.of(e.getMessage()),
                                Map.of("reason", e.getMessage())),
                        e);
            }
        };
    }

    /** @throws EndpointFailure a {@code TypeError} for null, which a Python caller may give for anything */
    static <T> T given(T value, String argument) {
        if (value == null) {
            throw new EndpointFailure(
                    Failure.of(BUILTINS, "TypeError", "argument '" + argument + "' must not be None"));
        }
        return value;
    }
}
