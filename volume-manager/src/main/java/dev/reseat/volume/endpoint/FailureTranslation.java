package dev.reseat.volume.endpoint;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.service.VolumeException;
import dev.reseat.volume.state.StateException;
import java.util.function.BiConsumer;

/** A method whose failures are logged and given the names that callers know. */
final class FailureTranslation {
    private static final System.Logger LOG = System.getLogger(FailureTranslation.class.getName());

    private FailureTranslation() {}

    static <A> Endpoint.Handler<A> answering(String method, Endpoint.Handler<A> handler) {
        Endpoint.TimedHandler<A> timed = inTime(method, (context, args, _) -> handler.handle(context, args));
        return (context, args) -> timed.handle(context, args, Deadline.never());
    }

    /** The same of one that knows by when its caller wants it done. */
    static <A> Endpoint.TimedHandler<A> inTime(String method, Endpoint.TimedHandler<A> handler) {
        return (context, args, deadline) -> {
            try {
                return handler.handle(context, args, deadline);
            } catch (VolumeException e) {
                throw failure(method, CinderFailures.of(e), e);
            } catch (StateException e) {
                throw failure(method, CinderFailures.of(e), e);
            }
        };
    }

    /** A method that answers null. */
    static <A> Endpoint.Handler<A> doing(String method, BiConsumer<RequestContext, A> handler) {
        return answering(method, (context, args) -> {
            handler.accept(context, args);
            return null;
        });
    }

    private static EndpointFailure failure(String method, Failure failure, RuntimeException cause) {
        LOG.log(System.Logger.Level.WARNING, method + " failed: " + failure.message(), cause);
        return new EndpointFailure(failure, cause);
    }
}
