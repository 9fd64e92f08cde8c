package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Connection;
import dev.reseat.rpc.RpcException.NotDelivered;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.rabbit.PendingPublish.Doubt;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Supplier;

/**
 * Publishes for all threads of the process on one connection. Senders put their message in a line and wait for its
 * confirm; one thread writes the line to the broker without waiting for confirms in between. What was not confirmed when
 * a connection is lost is sent again on the next one, ahead of what came later.
 */
final class Publisher implements ConnectionKeeper.User, AutoCloseable {
    private static final Logger LOG = System.getLogger(Publisher.class.getName());

    private final RabbitConfig config;
    private final Supplier<Dialer> dialers;
    /** An empty element only wakes the writing thread up. */
    private final BlockingDeque<Optional<PendingPublish>> line = new LinkedBlockingDeque<>();
    /** Present while every host refuses our account or virtual host: then nobody has to wait to learn it. */
    private volatile Optional<String> refused = Optional.empty();
    // guarded by this
    private Optional<ConnectionKeeper> keeper = Optional.empty();
    private boolean closed;

    Publisher(RabbitConfig config, Supplier<Dialer> dialers) {
        this.config = config;
        this.dialers = dialers;
    }

    /** As {@link dev.reseat.rpc.transport.Transport#send}. Connects at the first message. */
    void send(Address address, Outgoing message, Duration within) {
        var pending = new PendingPublish(address, message);
        synchronized (this) {
            if (closed)
                throw new NotDelivered("transport is closed");
            refused.ifPresent(why -> {
                throw new NotDelivered(why);
            });
            line.add(Optional.of(pending));
            if (keeper.isEmpty())
                keeper = Optional.of(
                        ConnectionKeeper.start("rabbit publisher", dialers.get(), config.reconnect(), this));
        }
        pending.await(within);
    }

    /** Whether it is connected, if it ever was asked to. */
    synchronized Optional<Boolean> isUp() {
        return keeper.map(ConnectionKeeper::isUp);
    }

    @Override
    public boolean isWanted() {
        return true;
    }

    @Override
    public String work(Connection connection, Runnable ready) throws IOException, InterruptedException {
        var gate = new PublishGate(connection);
        var topology = new Topology(connection, config.queues());
        String reason = "";
        while (connection.isOpen()) {
            PublishChannel channel =
                    PublishChannel.open(connection.createChannel(), () -> line.addFirst(Optional.empty()));
            refused = Optional.empty();
            ready.run();
            try {
                while (channel.isOpen()) {
                    Optional<PendingPublish> next = line.take();
                    if (next.isPresent())
                        publish(next.get(), channel, topology, gate.opened());
                }
            } finally {
                reason = takeBack(channel);
            }
            topology.forget();
        }
        return reason;
    }

    private void publish(
            PendingPublish pending, PublishChannel channel, Topology topology, CompletableFuture<Void> gate)
            throws InterruptedException {
        try {
            awaitAny(gate, channel.lost(), pending.settled());
            if (pending.isSettled())
                return;
            if (!channel.isOpen() || !declare(pending, topology)) {
                line.addFirst(Optional.of(pending));
                channel.giveUp();
                return;
            }
            if (pending.isSuspect())
                awaitAnswers(channel);
            if (!pending.write())
                return;
        } catch (InterruptedException e) {
            line.addFirst(Optional.of(pending));
            throw e;
        }
        channel.publish(pending);
        if (pending.isSuspect())
            awaitAnswers(channel);
    }

    /** @return false if the connection was lost over it */
    private static boolean declare(PendingPublish pending, Topology topology) {
        try {
            topology.declare(pending.address());
            return true;
        } catch (IOException | AlreadyClosedException e) {
            Optional<Refusal> refusal = Refusal.in(e).filter(Refusal::ofChannel);
            refusal.ifPresent(why -> pending.refused(why.text()));
            return refusal.isPresent();
        }
    }

    private static void awaitAnswers(PublishChannel channel) throws InterruptedException {
        for (PendingPublish unanswered : channel.unanswered())
            awaitAny(unanswered.settled(), channel.lost());
    }

    private static void awaitAny(CompletableFuture<?>... futures) throws InterruptedException {
        try {
            CompletableFuture.anyOf(futures).get();
        } catch (ExecutionException e) {
            LOG.log(Level.TRACE, "a message has failed, its sender is told: {0}", e.getMessage());
        }
    }

    /** Puts unconfirmed messages back at the head of the line. @return why the channel was lost */
    private String takeBack(PublishChannel channel) {
        if (!channel.lost().isDone())
            channel.giveUp();
        var signal = channel.lost().join();
        Optional<Refusal> refusal = Refusal.in(signal).filter(Refusal::onPublish);
        List<PendingPublish> back = new ArrayList<>(channel.unanswered());
        if (refusal.isPresent() && back.size() == 1) {
            // nothing else was on its way, so it was this one; unless only its exchange has vanished meanwhile
            if (!refusal.get().isNotFound())
                back.getFirst().refused(refusal.get().text());
        } else {
            Doubt doubt = refusal.isPresent() ? Doubt.CHANNEL_CLOSED : Doubt.CONNECTION_LOST;
            back.forEach(pending -> pending.unconfirmed(doubt));
        }
        back.reversed().forEach(pending -> line.addFirst(Optional.of(pending)));
        return ConnectionKeeper.reason(signal);
    }

    @Override
    public void unreachable(Unreachable why) {
        if (!why.isRefused())
            return;
        synchronized (this) {
            refused = Optional.of(why.getMessage());
            abandonAll(why.getMessage());
        }
    }

    private void abandonAll(String why) {
        List<Optional<PendingPublish>> waiting = new ArrayList<>();
        line.drainTo(waiting);
        waiting.forEach(pending -> pending.ifPresent(message -> message.abandoned(why)));
    }

    /** Senders that wait get their failure. Repeatable. */
    @Override
    public void close() {
        Optional<ConnectionKeeper> open;
        synchronized (this) {
            closed = true;
            open = keeper;
        }
        open.ifPresent(ConnectionKeeper::close);
        abandonAll("transport is closed");
    }
}
