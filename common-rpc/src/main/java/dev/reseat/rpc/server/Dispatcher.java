package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.runtime.Deadline;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Namespace, version and method name to exactly one method, or a failure with upstream's name for it. Choice of the
 * endpoint and texts follow {@code oslo_messaging.rpc.dispatcher.RPCDispatcher}.
 */
final class Dispatcher {
    private static final System.Logger LOG = System.getLogger(Dispatcher.class.getName());
    private static final String MODULE = "oslo_messaging.rpc.dispatcher";

    private final List<Endpoint> endpoints;
    private final Arguments arguments;

    Dispatcher(List<Endpoint> endpoints, EnvelopeCodec codec) {
        this.endpoints = List.copyOf(endpoints);
        this.arguments = new Arguments(codec);
    }

    /** What is answered. */
    sealed interface Outcome {
        record Result(Object value) implements Outcome {}

        /** @param kind the failure's class; another service's failure, which may be called anything, has one for all */
        record Failed(Failure failure, String kind) implements Outcome {}

        /** No method ran: there is none of that name or version, or it does not take such arguments. */
        record Refused(Failure failure) implements Outcome {}
    }

    /** @param deadline when the caller gives up */
    Outcome dispatch(Message.Request request, Deadline deadline) {
        try {
            return run(request, deadline);
        } catch (EndpointFailure | RpcException.RemoteFailure e) {
            LOG.log(System.Logger.Level.DEBUG, "expected failure of {0}: {1}", request.method(), e.getMessage());
            return failed(e);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "method " + request.method() + " failed", e);
            return failed(e);
        } catch (StackOverflowError e) {
            // what Python answers as RecursionError; other errors are of the whole process, not of this method
            LOG.log(System.Logger.Level.ERROR, "method " + request.method() + " failed", e);
            return failed(new IllegalStateException("stack overflow"));
        }
    }

    /** Whether an endpoint lists a method of that name. What is not listed must not become the name of a meter. */
    boolean lists(String method) {
        return endpoints.stream().anyMatch(endpoint -> endpoint.methods().containsKey(method));
    }

    private static Outcome failed(RuntimeException thrown) {
        Failure failure = Failures.of(thrown);
        return new Outcome.Failed(
                failure, thrown instanceof RpcException.RemoteFailure ? "RemoteFailure" : failure.type());
    }

    private Endpoint.Method<?> find(Message.Request request) {
        boolean versionServed = false;
        for (Endpoint endpoint : endpoints) {
            if (!endpoint.namespace().equals(request.namespace()) || !serves(endpoint, request)) {
                continue;
            }
            refuse(request.defects().method());
            versionServed = true;
            Endpoint.Method<?> method = endpoint.methods().get(request.method());
            if (method != null) {
                return method;
            }
        }
        throw new EndpointFailure(versionServed ? noSuchMethod(request) : unsupportedVersion(request));
    }

    private Outcome run(Message.Request request, Deadline deadline) {
        Supplier<Object> call;
        try {
            call = bound(find(request), request, deadline);
        } catch (EndpointFailure e) {
            LOG.log(System.Logger.Level.DEBUG, "{0} refused: {1}", request.method(), e.getMessage());
            return new Outcome.Refused(e.failure());
        }
        return new Outcome.Result(call.get());
    }

    private <A> Supplier<Object> bound(
            Endpoint.Method<A> method, Message.Request request, Deadline deadline) {
        refuse(request.defects().args());
        A args = arguments.bind(request, method.args());
        return () -> method.handler().handle(request.context(), args, deadline);
    }

    private static boolean serves(Endpoint endpoint, Message.Request request) {
        refuse(request.defects().version());
        return request.version().map(text -> WantedVersion.isServedBy(endpoint.version(), text)).orElse(false);
    }

    private static void refuse(Optional<Failure> defect) {
        defect.ifPresent(failure -> {
            throw new EndpointFailure(failure);
        });
    }

    private static Failure noSuchMethod(Message.Request request) {
        return Failure.of(MODULE, "NoSuchMethod", "Endpoint does not support RPC method " + request.method());
    }

    private static Failure unsupportedVersion(Message.Request request) {
        String text = "Endpoint does not support RPC version " + request.version().orElse("None");
        String attempted = request.method().isEmpty() ? "" : ". Attempted method: " + request.method();
        return Failure.of(MODULE, "UnsupportedVersion", text + attempted);
    }
}
