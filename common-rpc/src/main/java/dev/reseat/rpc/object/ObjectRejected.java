package dev.reseat.rpc.object;

import dev.reseat.rpc.Failure;

/**
 * A value that should be a versioned object is none, or none of a version we know. Carries what Python would answer.
 */
public final class ObjectRejected extends RuntimeException {
    private final transient Failure failure;

    ObjectRejected(String module, String type, String message) {
        super(message);
        this.failure = Failure.of(module, type, message);
    }

    public Failure failure() {
        return failure;
    }
}
