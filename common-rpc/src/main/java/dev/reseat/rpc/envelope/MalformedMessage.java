package dev.reseat.rpc.envelope;

/** The bytes are no message of this protocol: nobody can be answered, the delivery is rejected. */
public final class MalformedMessage extends RuntimeException {
    public MalformedMessage(String message) {
        super(message);
    }
}
