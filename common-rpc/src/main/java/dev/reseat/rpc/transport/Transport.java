package dev.reseat.rpc.transport;

import dev.reseat.rpc.RpcException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Carries bytes between processes. Thread-safe. A lost connection is re-established behind this interface, and every
 * listener gets its queues, bindings and consumers back under their old names.
 */
public interface Transport extends AutoCloseable {
    /**
     * Publishes one message without waiting for the broker: the message is tried until it is confirmed, refused or
     * {@linkplain Sending#abandon abandoned}. Messages of one thread to one address keep their order. Never throws for
     * what becomes of the message.
     *
     * @param settled told once how it ended: empty when the broker has confirmed it, else one of the failures of
     *     {@link #send}. On a thread of the transport, or before this returns; must not block
     */
    Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled);

    /**
     * Publishes one message and returns when the broker has confirmed it. The same message may reach a listener twice
     * when a connection was lost in between; listeners filter by unique id. Senders do not wait for each other. An
     * interrupt ends the wait with one of the two failures and stays set.
     *
     * @param within how long to try, connecting included
     * @throws dev.reseat.rpc.RpcException.NotDelivered if the broker was not reached, refused the message, or returned
     *     a mandatory one, or if the transport is closed: no listener will see it
     * @throws dev.reseat.rpc.RpcException.OutcomeUnknown if the message was sent but the confirm did not come
     */
    default void send(Address address, Outgoing message, Duration within) {
        send(address, message, within, () -> {});
    }

    /**
     * As {@link #send(Address, Outgoing, Duration)}.
     *
     * @param repeated run on this thread, however it ended, if the message {@linkplain Sending#isRepeated was written
     *     twice}
     */
    default void send(Address address, Outgoing message, Duration within, Runnable repeated) {
        var settled = new CompletableFuture<Optional<RpcException>>();
        Sending sending = publish(address, message, settled::complete);
        try {
            settled.get(TimeUnit.NANOSECONDS.convert(within), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            sending.abandon("not confirmed within " + within.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sending.abandon("its sender was interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes it so
        }
        if (sending.isRepeated()) {
            repeated.run();
        }
        settled.join().ifPresent(failure -> {
            throw (RpcException) failure.fillInStackTrace(); // where it was waited for, not where it was learnt
        });
    }

    /**
     * Starts to receive. Messages are handed over one at a time, on a thread of the transport, in the order of their
     * queue; while the receiver blocks, no further one is handed over. Returns when the queues exist and consumption
     * has begun, or, with the broker out of reach, after the first attempt: the listener then begins when the broker is
     * back.
     *
     * @param receiver must acknowledge or reject; if it throws, the failure is logged and the delivery rejected
     * @throws IllegalStateException if the transport is closed
     */
    default Listener listen(ListenAddress source, Consumer<Delivery> receiver) {
        return listenInBatches(source, arrivals -> {
            if (!arrivals.mayBlock()) {
                return;
            }
            for (var next = arrivals.poll(); next.isPresent(); next = arrivals.poll()) {
                receiver.accept(next.get());
            }
        });
    }

    /**
     * As {@link #listen}, for a receiver that takes all that has arrived: so it can settle several messages in one
     * piece. What it leaves is handed over again with what comes next.
     *
     * @param receiver takes at least one where it may block; if it throws, the failure is logged and the delivery it
     *     took last rejected
     */
    Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver);

    /**
     * How many consume from a queue now; 0 also if there is no such queue. Makes nothing and changes nothing: a passive
     * declaration. A queue may outlive those who consumed from it, so this is the sign of life, not that it exists.
     *
     * @throws dev.reseat.rpc.RpcException.NotDelivered if the broker has not said within the time
     */
    int consumers(String queue, Duration within);

    /** A name for the reply queue of one client, which no other client has at the same time. */
    default String newReplyQueueName() {
        return "reply_" + UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * Whether the broker can be reached now, as far as this process knows: every connection it has asked for is up.
     * False before the first message or listener, and after {@link #close}.
     */
    boolean isConnected();

    /** Closes every listener and connection; senders that wait get their failure. Repeatable. */
    @Override
    void close();

    /** One running consumption. */
    interface Listener extends AutoCloseable {
        /**
         * Takes no further message: when this returns, the receiver is not running and will not run again, and what it
         * has not settled is back in its queue. Called by the receiver itself, it does not wait for the receiver's end.
         * Repeatable.
         */
        void stop();

        /**
         * For how long it has not been receiving, because its broker or its queues are out of reach; zero while it is.
         */
        default Duration silentFor() {
            return Duration.ZERO;
        }

        /**
         * What is to be told when a reply queue has vanished while it was listened to, with what it held, and is there
         * again under its name. Called on a thread of the transport; must not block.
         */
        default void whenLost(Runnable told) {}

        /** Stops, and removes the queues that belong to this listener alone (the fanout queue). Repeatable. */
        @Override
        void close();
    }
}
