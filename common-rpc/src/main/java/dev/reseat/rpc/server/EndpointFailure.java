package dev.reseat.rpc.server;

import dev.reseat.rpc.Failure;

/** An endpoint's answer that the method failed, in the words its caller knows. */
public final class EndpointFailure extends RuntimeException {
    private final transient Failure failure;

    /** @param failure what the caller is answered */
    public EndpointFailure(Failure failure) {
        super(failure.type() + ": " + failure.message());
        this.failure = failure;
    }

    /** @param cause stays in this process */
    public EndpointFailure(Failure failure, Throwable cause) {
        super(failure.type() + ": " + failure.message(), cause);
        this.failure = failure;
    }

    /** What the caller is answered. */
    public Failure failure() {
        return failure;
    }
}
