package dev.reseat.rpc.transport;

/** One received message. Exactly one of {@link #acknowledge} and {@link #reject} has to be called, once. */
public interface Delivery {
    byte[] body();

    /** MIME type the publisher named, or the empty string. */
    String contentType();

    /**
     * Tells the broker that the message was received; it will not be delivered again.
     *
     * @throws IllegalStateException if the channel it came on is gone: the broker will deliver the message again
     */
    void acknowledge();

    /** Drops the message for good: it could not be understood. */
    void reject();
}
