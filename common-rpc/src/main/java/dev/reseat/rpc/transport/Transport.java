package dev.reseat.rpc.transport;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Carries bytes between processes. Thread-safe. A lost connection is re-established behind this interface, and every
 * listener gets its queues, bindings and consumers back under their old names.
 */
public interface Transport extends AutoCloseable {
    /**
     * Publishes one message and returns when the broker has confirmed it. The same message may reach a listener twice
     * when a connection was lost in between; listeners filter by unique id. Senders do not wait for each other. An
     * interrupt ends the wait with one of the two failures and stays set.
     *
     * @param within how long to try, connecting included
     * @throws dev.reseat.rpc.RpcException.NotDelivered if the broker was not reached, refused the message, or returned a
     *     mandatory one, or if the transport is closed: no listener will see it
     * @throws dev.reseat.rpc.RpcException.OutcomeUnknown if the message was sent but the confirm did not come
     */
    void send(Address address, Outgoing message, Duration within);

    /**
     * Starts to receive. Messages are handed over one at a time, on a thread of the transport, in the order of their
     * queue; while the receiver blocks, no further one is handed over. Returns when the queues exist and consumption has
     * begun, or, with the broker out of reach, after the first attempt: the listener then begins when the broker is back.
     *
     * @param receiver must acknowledge or reject; if it throws, the failure is logged and the delivery rejected
     * @throws IllegalStateException if the transport is closed
     */
    Listener listen(Source source, Consumer<Delivery> receiver);

    /**
     * Whether the broker can be reached now, as far as this process knows: every connection it has asked for is up. False
     * before the first message or listener, and after {@link #close}.
     */
    boolean isConnected();

    /** Closes every listener and connection; senders that wait get their failure. Repeatable. */
    @Override
    void close();

    /** One running consumption. */
    interface Listener extends AutoCloseable {
        /**
         * Takes no further message: when this returns, the receiver is not running and will not run again, and what it has
         * not settled is back in its queue. Called by the receiver itself, it does not wait for the receiver's end.
         * Repeatable.
         */
        void stop();

        /** Stops, and removes the queues that belong to this listener alone (the fanout queue). Repeatable. */
        @Override
        void close();
    }
}
