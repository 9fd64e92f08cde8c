package dev.reseat.api.remote;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Who could do a step, the preferred one first. Looked up for every call: services come and go, and their queues stay
 * when they have gone.
 *
 * @param probe the longest that the broker is asked for one of them
 * @param deadline of the question as a whole: each of the two functions gets a call that does not wait longer
 */
record Peers(List<Peer> inOrder, Duration probe, Deadline deadline) {
    private static final String WAITING = "oslo_messaging.exceptions";

    Peers {
        inOrder = List.copyOf(inOrder);
    }

    /** Somebody who could do it, and how it is called. */
    record Peer(Performer performer, PreparedCall call) {}

    /**
     * The first who listens.
     *
     * @throws RpcException.NotDelivered if the broker does not tell: that is not taken for "nobody"; nor is time that
     *     is over
     */
    Optional<Peer> present() {
        return inOrder.stream().filter(this::isServed).findFirst();
    }

    private boolean isServed(Peer peer) {
        Duration left = deadline.within(probe).remaining();
        if (left.isZero()) {
            throw new RpcException.NotDelivered("there was no time left to ask for " + peer.call().queue());
        }
        return peer.call().isServed(left);
    }

    /** Asks the first who listens. Throws {@link RpcException}. */
    <T> Performed<T> ask(Function<PreparedCall, T> question) {
        Optional<Peer> peer = present();
        if (peer.isEmpty()) {
            return new Performed.Absent<>(absence());
        }
        return new Performed.Done<>(
                peer.get().performer(), answered(() -> question.apply(peer.get().call().within(deadline))));
    }

    /** Has the first who listens do it. @throws RpcException.NotDelivered if nobody listens */
    <T> Performed.Done<T> have(Function<PreparedCall, T> command) {
        Peer peer = present().orElseThrow(() -> new RpcException.NotDelivered(absence()));
        return new Performed.Done<>(peer.performer(), answered(() -> command.apply(peer.call().within(deadline))));
    }

    /** A peer that has given up waiting itself, for a backend or a host, knows no more than we do. */
    private static <T> T answered(Supplier<T> call) {
        try {
            return call.get();
        } catch (RpcException.RemoteFailure e) {
            if (e.failure().module().equals(WAITING) && e.type().equals("MessagingTimeout")) {
                throw new RpcException.OutcomeUnknown(e.failure().message(), e);
            }
            throw e;
        }
    }

    private String absence() {
        return "nobody listens: no " + String.join(" and no ", inOrder.stream()
                .map(peer -> peer.performer().program() + " on " + peer.call().queue())
                .toList());
    }
}
