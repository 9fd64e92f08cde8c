package dev.reseat.rpc.transport;

import java.util.Optional;

/** What has arrived at one listener and waits to be taken. Used by the receiver while it runs. */
public interface Arrivals {
    /**
     * Whether the receiver may block. If not, it leaves what it cannot take at once, and is given it again where it
     * may.
     */
    boolean mayBlock();

    /** The next delivery, in the order of its queue; empty when none waits, or the listener has been stopped. */
    Optional<Delivery> poll();

    /**
     * Runs what settles deliveries, and tells the broker of all of it in one piece. The work must not block. While it
     * runs, only what has come on one connection can be taken.
     *
     * @throws IllegalStateException if the connection was lost meanwhile: the broker will deliver these messages again
     */
    void together(Runnable settling);
}
