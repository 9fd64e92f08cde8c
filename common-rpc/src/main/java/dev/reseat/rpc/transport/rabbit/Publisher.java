package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AlreadyClosedException;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.rabbit.PendingPublish.Doubt;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes for all threads of the process on one connection. Senders put their message in a line and are told of its
 * confirm; one thread writes what is in the line to the broker, without waiting for confirms in between. What was not
 * confirmed when a connection is lost is sent again on the next one, ahead of what came later.
 */
final class Publisher implements ConnectionKeeper.User, AutoCloseable {
    private static final Logger LOG = System.getLogger(Publisher.class.getName());

    private final RabbitConfig config;
    private final Supplier<Dialer> dialers;
    /** An empty element only wakes the writing thread up. */
    private final BlockingDeque<Optional<PendingPublish>> line = new LinkedBlockingDeque<>();
    /** Present while every host refuses our account or virtual host: then nobody has to wait to learn it. */
    private volatile Optional<String> refused = Optional.empty();
    // written under the monitor of this
    private volatile Optional<ConnectionKeeper> keeper = Optional.empty();
    private volatile boolean closed;

    Publisher(RabbitConfig config, Supplier<Dialer> dialers) {
        this.config = config;
        this.dialers = dialers;
    }

    /** As {@link dev.reseat.rpc.transport.Transport#publish}. Connects at the first message. */
    Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
        var pending = new PendingPublish(address, message);
        pending.whenSettled(settled);
        if (keeper.isEmpty() || refused.isPresent() || closed)
            begin(pending);
        else
            line.add(Optional.of(pending));
        if (message.retry() >= 0)
            keeper.ifPresent(ConnectionKeeper::hurry);
        if (closed)
            abandonAll("transport is closed"); // it may have come after the last look at the line
        return pending;
    }

    private synchronized void begin(PendingPublish pending) {
        if (closed) {
            pending.abandon("transport is closed");
            return;
        }
        if (refused.isPresent()) {
            pending.abandon(refused.get());
            return;
        }
        line.add(Optional.of(pending));
        if (keeper.isEmpty())
            keeper = Optional.of(ConnectionKeeper.start("rabbit publisher", dialers.get(), config.reconnect(), this));
    }

    /** Whether it is connected, if it ever was asked to. */
    Optional<Boolean> isUp() {
        return keeper.map(ConnectionKeeper::isUp);
    }

    @Override
    public boolean isWanted() {
        return true;
    }

    @Override
    public String work(Link link, Runnable ready) throws IOException, InterruptedException {
        var gate = new PublishGate(link.connection());
        var topology = new Topology(link.connection(), config.queues());
        String reason = "";
        while (link.connection().isOpen()) {
            PublishChannel channel =
                    PublishChannel.open(link.connection().createChannel(), () -> line.addFirst(Optional.empty()));
            refused = Optional.empty();
            ready.run();
            var writing = new Writing(link, channel, topology, gate);
            try {
                while (channel.isUsable()) {
                    Optional<PendingPublish> first = line.take();
                    letOthersJoin();
                    writing.writeAll(first);
                }
            } finally {
                reason = takeBack(channel);
            }
            topology.forget();
        }
        return reason;
    }

    /** Senders that were woken together get to put theirs in the line first; nothing but speed depends on it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersJoin() {
        Thread.yield();
    }

    /** Writes to one channel. What waits in the line goes out in one piece, unless there is something to wait for. */
    private final class Writing {
        private final Link link;
        private final PublishChannel channel;
        private final Topology topology;
        private final PublishGate gate;

        Writing(Link link, PublishChannel channel, Topology topology, PublishGate gate) {
            this.link = link;
            this.channel = channel;
            this.topology = topology;
            this.gate = gate;
        }

        void writeAll(Optional<PendingPublish> first) throws InterruptedException {
            link.hold();
            try {
                Optional<PendingPublish> next = first;
                while (next != null) {
                    if (next.isPresent())
                        write(next.get());
                    next = channel.isUsable() ? line.poll() : null;
                }
            } finally {
                if (!link.release())
                    channel.giveUp();
            }
        }

        private void write(PendingPublish pending) throws InterruptedException {
            try {
                CompletableFuture<Void> opened = gate.opened();
                if (!opened.isDone()) {
                    link.release();
                    awaitAny(opened, channel.lost(), pending.settled());
                }
                if (pending.isSettled())
                    return;
                if (!channel.isOpen() || !declare(pending)) {
                    line.addFirst(Optional.of(pending));
                    channel.giveUp();
                    return;
                }
                if (pending.isSuspect())
                    awaitAnswers();
                if (!pending.write())
                    return;
            } catch (InterruptedException e) {
                line.addFirst(Optional.of(pending));
                throw e;
            }
            channel.publish(pending);
            if (pending.isSuspect())
                awaitAnswers();
        }

        /** @return false if the connection was lost over it */
        private boolean declare(PendingPublish pending) {
            if (topology.isDeclared(pending.address()))
                return true;
            link.release(); // the broker answers only what it gets
            try {
                topology.declare(pending.address());
                return true;
            } catch (IOException | AlreadyClosedException e) {
                Optional<Refusal> refusal = Refusal.in(e).filter(Refusal::ofChannel);
                refusal.ifPresent(why -> pending.refused(why.text()));
                return refusal.isPresent();
            }
        }

        private void awaitAnswers() throws InterruptedException {
            link.release();
            for (PendingPublish unanswered : channel.unanswered())
                awaitAny(unanswered.settled(), channel.lost());
        }
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
            channel.end();
        var signal = channel.lost().join();
        Optional<Refusal> refusal = Refusal.in(signal).filter(Refusal::onPublish);
        List<PendingPublish> back = channel.unanswered();
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
        line.forEach(waiting -> waiting.ifPresent(message -> message.unreachable(why.getMessage())));
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
        waiting.forEach(pending -> pending.ifPresent(message -> message.abandon(why)));
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
