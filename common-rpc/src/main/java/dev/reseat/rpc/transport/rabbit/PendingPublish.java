package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.RpcException.Undeliverable;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A message between its sender, who waits, and the publisher, who settles it. Knows how much may be said about it: a
 * message that was written to a broker and not confirmed may have arrived. Thread-safe; settled once, later attempts
 * are ignored.
 */
final class PendingPublish implements Sending {
    private final Address address;
    private final Outgoing message;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    // guarded by this
    private Doubt doubt = Doubt.NONE;
    private boolean written;
    private boolean returned;
    private boolean repeated;
    private int attemptsFailed;

    PendingPublish(Address address, Outgoing message) {
        this.address = address;
        this.message = message;
    }

    Address address() {
        return address;
    }

    Outgoing message() {
        return message;
    }

    /** Completes when nothing more is to be done with it. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    /** Whether the sender has its answer, or has given up. */
    boolean isSettled() {
        return settled.isDone();
    }

    /** From now on it may have arrived. @return false if its sender has given up */
    synchronized boolean write() {
        repeated |= !isSettled() && doubt != Doubt.NONE;
        written |= !isSettled();
        return !isSettled();
    }

    /** Whether it may be the one for which the broker closed a channel; then it is sent alone. */
    synchronized boolean isSuspect() {
        return doubt == Doubt.CHANNEL_CLOSED;
    }

    /** It was written, and then the connection was lost, or the channel closed for one of several messages. */
    synchronized void unconfirmed(Doubt reason) {
        if (doubt != Doubt.CONNECTION_LOST) {
            doubt = reason;
        }
        returned = false;
    }

    /** The broker has sent it back; its confirm follows. */
    synchronized void returned() {
        returned = true;
    }

    synchronized boolean isReturned() {
        return returned;
    }

    /** The broker has confirmed it. */
    synchronized void confirmed() {
        if (!returned) {
            settled.complete(null);
        } else if (doubt == Doubt.NONE) {
            settled.completeExceptionally(new Undeliverable(address.exchange(), address.routingKey()));
        } else {
            fail("no queue takes messages to " + address + " any more", true);
        }
    }

    /** The broker has answered that it did not take it. */
    synchronized void refused(String why) {
        fail("the broker refused a message to " + address + ": " + why, doubt == Doubt.CONNECTION_LOST);
    }

    /** The broker could not be reached while this waited. */
    synchronized void unreachable(String why) {
        if (message.retry() >= 0 && attemptsFailed++ >= message.retry()) {
            abandon("Unable to connect to AMQP server after " + message.retry() + " tries: " + why);
        }
    }

    /**
     * The broker has answered that it could not keep it: it may have been delivered before its queue's node was lost.
     */
    synchronized void lost() {
        fail("the broker has lost a message to " + address + " (negative confirm)", true);
    }

    @Override
    public synchronized void abandon(String why) {
        if (!isSettled()) {
            fail("message to " + address + ": " + why, written);
        }
    }

    @Override
    public synchronized boolean isRepeated() {
        return repeated;
    }

    /** Tells how it ended, once it has. */
    void whenSettled(Consumer<Optional<RpcException>> told) {
        var _ = settled.whenComplete((_, failure) -> told.accept(Optional.ofNullable((RpcException) failure)));
    }

    private void fail(String what, boolean mayHaveArrived) {
        settled.completeExceptionally(mayHaveArrived ? new OutcomeUnknown(what) : new NotDelivered(what));
    }

    /** Why it is not certain that an earlier attempt has failed. */
    enum Doubt {
        NONE,
        CHANNEL_CLOSED,
        CONNECTION_LOST
    }
}
