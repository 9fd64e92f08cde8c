package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.RpcException.OutcomeUnknown;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A message between its sender, who waits, and the publisher, who settles it. Knows how much may be said about it: a
 * message that was written to a broker and not confirmed may have arrived. Thread-safe; settled once, later attempts are
 * ignored.
 */
final class PendingPublish {
    private final Address address;
    private final Outgoing message;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    // guarded by this
    private Doubt doubt = Doubt.NONE;
    private boolean written;
    private boolean returned;

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
        written |= !isSettled();
        return !isSettled();
    }

    /** Whether it may be the one for which the broker closed a channel; then it is sent alone. */
    synchronized boolean isSuspect() {
        return doubt == Doubt.CHANNEL_CLOSED;
    }

    /** It was written, and then the connection was lost, or the channel closed for one of several messages. */
    synchronized void unconfirmed(Doubt reason) {
        if (doubt != Doubt.CONNECTION_LOST)
            doubt = reason;
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
        if (!returned)
            settled.complete(null);
        else
            fail("no queue takes messages to " + address, doubt != Doubt.NONE);
    }

    /** The broker has answered that it did not take it. */
    synchronized void refused(String why) {
        fail("the broker refused a message to " + address + ": " + why, doubt == Doubt.CONNECTION_LOST);
    }

    /** Nothing more will be tried. */
    synchronized void abandoned(String why) {
        fail("message to " + address + ": " + why, written);
    }

    private void fail(String what, boolean mayHaveArrived) {
        settled.completeExceptionally(mayHaveArrived ? new OutcomeUnknown(what) : new NotDelivered(what));
    }

    /** Waits until it is settled, or gives up. @throws RpcException as {@link dev.reseat.rpc.transport.Transport#send} */
    void await(Duration within) {
        try {
            settled.get(TimeUnit.NANOSECONDS.convert(within), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            abandoned("not confirmed within " + within.toMillis() + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            abandoned("its sender was interrupted");
        } catch (ExecutionException e) {
            // thrown below, from the sender's own stack
        }
        if (settled.isCompletedExceptionally())
            throw inThisThread(settled.exceptionNow());
    }

    private static RpcException inThisThread(Throwable failure) {
        return switch (failure) {
            case OutcomeUnknown unknown -> new OutcomeUnknown(unknown.getMessage());
            case NotDelivered refused -> new NotDelivered(refused.getMessage());
            default -> throw new IllegalStateException(failure);
        };
    }

    /** Why it is not certain that an earlier attempt has failed. */
    enum Doubt {
        NONE,
        CHANNEL_CLOSED,
        CONNECTION_LOST
    }
}
