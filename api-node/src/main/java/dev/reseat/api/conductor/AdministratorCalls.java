package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;

/** What other services ask in the name of an administrator. A use case's refusal is answered by its own name. */
final class AdministratorCalls {
    private static final String MODULE = "reseat.exception";

    private AdministratorCalls() {}

    /** The method, for administrators alone. */
    static <A> Endpoint.Handler<A> answering(Endpoint.Handler<A> method) {
        return checking((context, args) -> {
            if (!context.isAdmin()) {
                throw failure("Forbidden", "Only administrators may ask that.", null);
            }
            try {
                return method.handle(context, args);
            } catch (ServiceException e) {
                throw failure(e.getClass().getSimpleName(), e.getMessage(), e);
            }
        });
    }

    private static EndpointFailure failure(String type, String message, Exception cause) {
        return new EndpointFailure(Failure.of(MODULE, type, message), cause);
    }
}
