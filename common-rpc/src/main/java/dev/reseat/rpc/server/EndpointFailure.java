package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;

/** An endpoint's answer that the method failed, in the words its caller knows. */
public final class EndpointFailure extends RuntimeException {
    private final transient Failure failure;

    public EndpointFailure(Failure failure) {
        super(failure.type() + ": " + failure.message());
        this.failure = failure;
    }

    public EndpointFailure(Failure failure, Throwable cause) {
        super(failure.type() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    public Failure failure() {
        return failure;
    }
}
