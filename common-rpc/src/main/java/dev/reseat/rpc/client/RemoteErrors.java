package dev.reseat.rpc.client;

import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Which failures of a peer are thrown as exceptions of the caller's own: upstream's {@code allowed_remote_exmods}, but
 * a closed list of classes. What the wire names is only looked up here, never loaded; all else stays a
 * {@link RpcException.RemoteFailure}. Immutable.
 */
public final class RemoteErrors {
    private static final RemoteErrors NONE = new RemoteErrors(Map.of());

    private final Map<Name, Function<RpcException.RemoteFailure, ? extends RuntimeException>> known;

    private record Name(String module, String type) {}

    private RemoteErrors(Map<Name, Function<RpcException.RemoteFailure, ? extends RuntimeException>> known) {
        this.known = Map.copyOf(known);
    }

    /** A list without entries. */
    public static RemoteErrors none() {
        return NONE;
    }

    /**
     * The list with one entry more.
     *
     * @param module Python module of the class, e.g. {@code cinder.exception}
     * @param type name of the class, e.g. {@code VolumeNotFound}
     * @param exception makes what is thrown; the failure it gets is meant to be its cause
     * @throws IllegalArgumentException if the class is listed already
     */
    public RemoteErrors with(
            String module, String type, Function<RpcException.RemoteFailure, ? extends RuntimeException> exception) {
        Map<Name, Function<RpcException.RemoteFailure, ? extends RuntimeException>> more = new HashMap<>(known);
        if (more.put(new Name(module, type), exception) != null) {
            throw new IllegalArgumentException("listed twice: " + module + "." + type);
        }
        return new RemoteErrors(more);
    }

    /** What to throw for the failure: an exception of the caller's, or the failure itself. */
    RuntimeException exceptionFor(RpcException.RemoteFailure failure) {
        Failure reported = failure.failure();
        var exception = known.get(new Name(reported.module(), reported.type()));
        return exception == null ? failure : exception.apply(failure);
    }
}
