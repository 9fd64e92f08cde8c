package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Deadline;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A closed list of methods under one namespace and version. What is not listed cannot be called.
 *
 * @param namespace empty for the default one
 * @param version the highest version served; older minors of the same major are served too
 */
public record Endpoint(Optional<String> namespace, RpcVersion version, Map<String, Method<?>> methods) {
    public Endpoint {
        methods = Map.copyOf(methods);
    }

    /** An endpoint of that namespace, without methods yet. */
    public static Builder of(String namespace, int major, int minor) {
        return new Builder(Optional.of(namespace), RpcVersion.of(major, minor));
    }

    /** An endpoint for callers that name no namespace, without methods yet. */
    public static Builder inDefaultNamespace(int major, int minor) {
        return new Builder(Optional.empty(), RpcVersion.of(major, minor));
    }

    /**
     * Runs a method; its result is written as JSON, null for none. Throws {@link EndpointFailure} to name a failure.
     */
    @FunctionalInterface
    public interface Handler<A> {
        /**
         * Called on a virtual thread of its own; may block.
         *
         * @param context whose request it is
         * @param args its keyword arguments
         */
        Object handle(RequestContext context, A args);
    }

    /** A method that is to know by when its caller wants it done. */
    @FunctionalInterface
    public interface TimedHandler<A> {
        /**
         * As {@link Handler#handle}.
         *
         * @param deadline when its caller gives up waiting, as it has said; counted from the arrival of the request
         */
        Object handle(RequestContext context, A args, Deadline deadline);
    }

    /**
     * One method: the record its keyword arguments are read into, and what runs. A component that is not
     * {@link Optional} and that the caller did not give is answered as a TypeError, unless the record puts something in
     * its place.
     */
    public record Method<A>(Class<A> args, TimedHandler<A> handler) {
        private <E extends RuntimeException> Method<A> expecting(Class<E> type, Function<? super E, Failure> failure) {
            return new Method<>(args, (context, given, deadline) -> {
                try {
                    return handler.handle(context, given, deadline);
                } catch (RuntimeException e) {
                    if (type.isInstance(e)) {
                        throw new EndpointFailure(failure.apply(type.cast(e)), e);
                    }
                    throw e;
                }
            });
        }
    }

    /** Collects methods. Not thread-safe. */
    public static final class Builder {
        private final Optional<String> namespace;
        private final RpcVersion version;
        private final Map<String, Method<?>> methods = new LinkedHashMap<>();

        private Builder(Optional<String> namespace, RpcVersion version) {
            this.namespace = namespace;
            this.version = version;
        }

        /** @throws IllegalArgumentException if a method of that name is listed already */
        public <A> Builder method(String name, Class<A> args, Handler<A> handler) {
            return timed(name, args, (context, given, _) -> handler.handle(context, given));
        }

        /** As {@link #method}. */
        public <A> Builder timed(String name, Class<A> args, TimedHandler<A> handler) {
            if (methods.put(name, new Method<>(args, handler)) != null) {
                throw new IllegalArgumentException("method listed twice: " + name);
            }
            return this;
        }

        /**
         * Lets every method listed so far fail with that exception (or a subclass): it is answered as the failure made
         * of it and is no error here, as {@code @expected_exceptions} has it. Of several that match, the one declared
         * first.
         */
        public <E extends RuntimeException> Builder expecting(Class<E> type, Function<? super E, Failure> failure) {
            methods.replaceAll((_, method) -> method.expecting(type, failure));
            return this;
        }

        /** The endpoint with what was listed. */
        public Endpoint build() {
            return new Endpoint(namespace, version, methods);
        }
    }
}
