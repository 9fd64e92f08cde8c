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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Publishes for all threads of the process on one connection. Senders put their message in a queue and are told of its
 * confirm; one thread writes what is queued to the broker, without waiting for confirms in between. A sender that is
 * alone does so itself. What was not confirmed when a connection is lost is sent again on the next one, ahead of what
 * came later.
 */
final class Publisher implements ConnectionKeeper.User, AutoCloseable {
    private static final Logger LOG = System.getLogger(Publisher.class.getName());

    private static final int TAKEN_AT_ONCE = 32 * 1024; // a socket's empty buffer holds more

    private final RabbitConfig config;
    private final Supplier<Dialer> dialers;
    private final PublishQueue queue = new PublishQueue();
    /** Held by whoever writes: the queue does not get shorter otherwise, so what is in it was not written yet. */
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Optional<Writing> open = Optional.empty(); // written by who holds the lock
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
        if (keeper.isEmpty() || refused.isPresent() || closed) {
            begin(pending);
        } else if (!isWritten(pending)) {
            queue.add(pending);
        }
        if (message.retry() >= 0) {
            keeper.ifPresent(ConnectionKeeper::hurry);
        }
        if (closed) {
            abandonAll("transport is closed"); // it may have come after the last look at the queue
        }
        return pending;
    }

    /** When nothing else is on its way, a sender is faster without the queue. @return false if it is to use it */
    private boolean isWritten(PendingPublish pending) {
        if (!queue.isEmpty() || !writing.tryLock()) {
            return false;
        }
        try {
            return queue.isEmpty() && open.isPresent() && open.get().writeAlone(pending);
        } finally {
            writing.unlock();
        }
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
        queue.add(pending);
        if (keeper.isEmpty()) {
            keeper = Optional.of(ConnectionKeeper.start("rabbit publisher", dialers.get(), config.reconnect(), this));
        }
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
            PublishChannel channel = PublishChannel.open(link.connection().createChannel(), queue::wake);
            refused = Optional.empty();
            ready.run();
            var using = new Writing(link, channel, topology, gate);
            locked(() -> open = Optional.of(using));
            try {
                writeUntilLost(using, channel);
            } finally {
                reason = takeBack(channel);
            }
            topology.forget();
        }
        return reason;
    }

    private void writeUntilLost(Writing using, PublishChannel channel) throws InterruptedException {
        while (channel.isUsable()) {
            queue.await(channel::isUsable);
            letOthersJoin();
            writing.lock();
            try {
                using.writeAll();
            } finally {
                writing.unlock();
            }
        }
    }

    private void locked(Runnable change) {
        writing.lock();
        try {
            change.run();
        } finally {
            writing.unlock();
        }
    }

    /** Senders that were woken together get to put theirs in the queue first; nothing but speed depends on it. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void letOthersJoin() {
        Thread.yield();
    }

    /** Writes to one channel. What waits in the queue goes out in one piece, unless there is something to wait for. */
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

        /**
         * Writes a message of at most a few frames on its sender's thread, which must not wait for the broker: only
         * while the broker has answered all before, so that the socket takes it at once.
         *
         * @return false if it may have to wait; nothing was written then
         */
        boolean writeAlone(PendingPublish pending) {
            boolean atOnce = channel.isUsable() && channel.isQuiet() && gate.opened().isDone()
                    && topology.isDeclared(pending.address()) && pending.message().body().length <= TAKEN_AT_ONCE
                    && !Thread.currentThread().isInterrupted(); // which closes sockets
            if (atOnce && pending.write() && !channel.publish(pending)) {
                queue.wake(); // who waits there has the time to give it up
            }
            return atOnce;
        }

        void writeAll() throws InterruptedException {
            link.hold();
            try {
                for (var next = queue.poll(); next != null; next = channel.isUsable() ? queue.poll() : null) {
                    write(next);
                }
            } finally {
                if (!link.release()) {
                    channel.giveUp();
                }
            }
        }

        private void write(PendingPublish pending) throws InterruptedException {
            try {
                CompletableFuture<Void> opened = gate.opened();
                if (!opened.isDone()) {
                    link.release();
                    awaitAny(opened, channel.lost(), pending.settled());
                }
                if (pending.isSettled()) {
                    return;
                }
                if (!channel.isOpen() || !declare(pending)) {
                    queue.addFirst(List.of(pending));
                    channel.giveUp();
                    return;
                }
                if (pending.isSuspect()) {
                    awaitAnswers();
                }
                if (!pending.write()) {
                    return;
                }
            } catch (InterruptedException e) {
                queue.addFirst(List.of(pending));
                throw e;
            }
            if (!channel.publish(pending)) {
                channel.giveUp();
            }
            if (pending.isSuspect()) {
                awaitAnswers();
            }
        }

        /** @return false if the connection was lost over it */
        private boolean declare(PendingPublish pending) {
            if (topology.isDeclared(pending.address())) {
                return true;
            }
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
            for (PendingPublish unanswered : channel.unanswered()) {
                awaitAny(unanswered.settled(), channel.lost());
            }
        }
    }

    private static void awaitAny(CompletableFuture<?>... futures) throws InterruptedException {
        try {
            CompletableFuture.anyOf(futures).get();
        } catch (ExecutionException e) {
            LOG.log(Level.TRACE, "a message has failed, its sender is told: {0}", e.getMessage());
        }
    }

    /** Puts unconfirmed messages back at the head of the queue. @return why the channel was lost */
    private String takeBack(PublishChannel channel) {
        locked(() -> open = Optional.empty());
        if (!channel.lost().isDone()) {
            channel.end();
        }
        var signal = channel.lost().join();
        Optional<Refusal> refusal = Refusal.in(signal).filter(Refusal::onPublish);
        List<PendingPublish> back = channel.unanswered();
        if (refusal.isPresent() && back.size() == 1) {
            // nothing else was on its way, so it was this one; unless only its exchange has vanished meanwhile
            if (!refusal.get().isNotFound()) {
                back.getFirst().refused(refusal.get().text());
            }
        } else {
            Doubt doubt = refusal.isPresent() ? Doubt.CHANNEL_CLOSED : Doubt.CONNECTION_LOST;
            back.forEach(pending -> pending.unconfirmed(doubt));
        }
        back.reversed().forEach(pending -> queue.addFirst(List.of(pending)));
        return ConnectionKeeper.reason(signal);
    }

    @Override
    public void unreachable(Unreachable why) {
        queue.all().forEach(message -> message.unreachable(why.getMessage()));
        if (!why.isRefused()) {
            return;
        }
        synchronized (this) {
            refused = Optional.of(why.getMessage());
            abandonAll(why.getMessage());
        }
    }

    private void abandonAll(String why) {
        queue.drain().forEach(message -> message.abandon(why));
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
