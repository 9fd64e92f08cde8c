package dev.reseat.rpc.client;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The reply queue of this process, and who waits for what on it: call id to waiting caller. */
final class PendingReplies implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PendingReplies.class.getName());

    /** After the queue is there again. Much longer than a retry takes, much shorter than most calls' patience. */
    private static final Duration LATEST_RETRY = Duration.ofSeconds(10);

    private static final String SILENT = "reseat.rpc.client.silent";

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final MeterRegistry meters;
    private final Map<CallId, Pending> waiting = new ConcurrentHashMap<>();
    private final Reminders reminders = new Reminders(this::remindAll);
    private Optional<Transport.Listener> listener = Optional.empty(); // guarded by this
    private Optional<CompletableFuture<Void>> begun = Optional.empty(); // guarded by this; empty until the first call
    private volatile String queue = ""; // named when it is listened to, at the first call
    private boolean closed; // guarded by this

    PendingReplies(Transport transport, EnvelopeCodec codec, MeterRegistry meters) {
        this.transport = transport;
        this.codec = codec;
        this.meters = meters;
    }

    /** How many callers wait. */
    int count() {
        return waiting.size();
    }

    /** Its name, once a call was registered. */
    String queue() {
        return queue;
    }

    /**
     * A place for one reply, made before the call is sent; closing it forgets the call.
     *
     * @param deadline of the call: the first one waits until replies can be received, or a broker was tried in vain
     * @throws RpcException.NotDelivered if that takes longer, or this is closed
     */
    Pending register(Deadline deadline) {
        if (queue.isEmpty()) {
            awaitListening(deadline);
        }
        var pending = new Pending(CallId.random(), deadline);
        waiting.put(pending.id, pending);
        return pending;
    }

    @Override
    public void close() {
        Optional<Transport.Listener> running;
        synchronized (this) {
            closed = true;
            running = listener;
            listener = Optional.empty();
            queue = "";
            begun.ifPresent(first -> first.completeExceptionally(isClosed()));
        }
        running.ifPresent(this::end);
        waiting.values()
                .forEach(pending -> pending.failed(new RpcException.OutcomeUnknown("the client was closed meanwhile")));
    }

    /** On a thread of its own: a broker that does not answer must not hold a call past its deadline. */
    private void awaitListening(Deadline deadline) {
        try {
            begin().get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new RpcException.NotDelivered("no reply queue in time, the broker does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException.NotDelivered("interrupted before it was sent", e);
        } catch (ExecutionException e) {
            throw new RpcException.NotDelivered("no reply queue: " + e.getCause().getMessage(), e.getCause());
        }
    }

    private synchronized CompletableFuture<Void> begin() {
        if (closed) {
            throw isClosed();
        }
        if (begun.isEmpty()) {
            begun = Optional.of(new CompletableFuture<>());
            Thread.ofVirtual().name("reply-queue").start(this::listen);
        }
        return begun.get();
    }

    private void listen() {
        try {
            String name = transport.newReplyQueueName();
            Transport.Listener begins = transport.listenInBatches(new ListenAddress.Replies(name), this::receive);
            begins.whenLost(() -> lost(name));
            if (!listening(name, begins)) {
                begins.close();
            }
        } catch (RuntimeException e) { // the transport is closed, or a fault of ours: the next call tries again
            failed(e);
        }
    }

    /** @return false if this was closed meanwhile */
    private synchronized boolean listening(String name, Transport.Listener begins) {
        if (closed) {
            return false;
        }
        TimeGauge.builder(SILENT, begins, TimeUnit.MILLISECONDS, silent -> silent.silentFor().toMillis())
                .description("for how long no reply could be received")
                .register(meters);
        listener = Optional.of(begins);
        queue = name;
        begun.ifPresent(first -> first.complete(null));
        return true;
    }

    private synchronized void failed(RuntimeException failure) {
        begun.ifPresent(first -> first.completeExceptionally(failure));
        begun = Optional.empty();
    }

    private void end(Transport.Listener running) {
        running.close();
        meters.find(SILENT).meters().forEach(meters::remove);
    }

    private static RpcException.NotDelivered isClosed() {
        return new RpcException.NotDelivered("this client is closed");
    }

    /**
     * What the queue held is lost, and nobody can tell whose replies. A server that was refused while the queue was
     * missing tries again every quarter of a second, so a reply that still exists comes soon; one that does not come by
     * then is taken for lost, unless its server sends signs of life.
     */
    private void lost(String name) {
        List<Pending> affected = waiting.values().stream().filter(Pending::mayHaveLostItsReply).toList();
        meters.counter("reseat.rpc.reply_queue.lost").increment();
        LOG.log(System.Logger.Level.WARNING, "reply queue {0} was gone and is there again; {1} calls wait for replies",
                name, affected.size());
        CompletableFuture.delayedExecutor(LATEST_RETRY.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> affected.forEach(pending -> pending.failed(new RpcException.OutcomeUnknown(
                        "reply queue " + name + " was lost while message ID " + pending.id.value() + " waited"))));
    }

    private void receive(Arrivals arrivals) {
        try {
            arrivals.together(() -> {
                for (var next = arrivals.poll(); next.isPresent(); next = arrivals.poll()) {
                    receive(next.get());
                }
            });
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "replies will be delivered again: {0}", e.getMessage());
        }
    }

    private void receive(Delivery delivery) {
        try {
            Message message = codec.decode(delivery.body());
            delivery.acknowledge();
            switch (message) {
                case Message.Reply reply -> complete(reply);
                case Message.Request _ ->
                    LOG.log(System.Logger.Level.WARNING, "a request on the reply queue is ignored");
            }
        } catch (MalformedMessage e) {
            LOG.log(System.Logger.Level.WARNING, "reply rejected: {0}", e.getMessage());
            delivery.reject();
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a reply will be delivered again: {0}", e.getMessage());
        }
    }

    private void complete(Message.Reply reply) {
        Pending pending = waiting.get(reply.id());
        if (pending == null) {
            LOG.log(System.Logger.Level.DEBUG, "nobody waits for reply {0} any more", reply.id().value());
        } else {
            pending.events.add(new Event.Replied(reply));
        }
    }

    private boolean remindAll() {
        waiting.values().forEach(pending -> pending.events.remind());
        return !waiting.isEmpty();
    }

    private sealed interface Event {
        record Replied(Message.Reply reply) implements Event {}

        record Failed(RpcException failure) implements Event {}
    }

    /** One waiting caller. */
    final class Pending implements AutoCloseable {
        private final CallId id;
        private final Inbox<Event> events;
        private volatile boolean confirmed;
        private volatile boolean monitored;

        private Pending(CallId id, Deadline deadline) {
            this.id = id;
            this.events = new Inbox<>(reminders, deadline);
        }

        CallId id() {
            return id;
        }

        /** What became of the request. Called by any thread. */
        void sent(Optional<RpcException> failure) {
            confirmed = failure.isEmpty();
            failure.ifPresent(this::failed);
        }

        /** A request that was not confirmed is sent again, and what is monitored is missed by itself. */
        private boolean mayHaveLostItsReply() {
            return confirmed && !monitored;
        }

        /** No reply is to be expected: the request was not delivered, or nobody knows. Called by any thread. */
        void failed(RpcException failure) {
            events.add(new Event.Failed(failure));
        }

        /**
         * The final reply.
         *
         * @param request abandoned when the time is over
         * @throws RpcException.NotDelivered if the request was not delivered
         * @throws RpcException.OutcomeUnknown if the reply does not come, or signs of life stop coming
         */
        Message.Reply await(Sending request, Deadline deadline, Optional<Duration> monitorTimeout) {
            monitored = monitorTimeout.isPresent();
            Optional<Message.Reply> early = Optional.empty(); // of peers that send the result first, then the end
            while (true) {
                Message.Reply reply = next(request, monitorTimeout.map(Deadline::after)
                        .filter(monitor -> monitor.isBefore(deadline))
                        .orElse(deadline));
                boolean saysSomething = reply.failure().isPresent() || !reply.result().isNull();
                if (reply.ending()) {
                    return saysSomething ? reply : early.orElse(reply);
                }
                early = saysSomething ? Optional.of(reply) : early;
            }
        }

        private Message.Reply next(Sending request, Deadline deadline) {
            try {
                Optional<Event> next = events.await(deadline);
                if (next.isEmpty()) {
                    request.abandon("not confirmed in time"); // if it never was, the caller learns it here
                    next = events.poll();
                }
                return switch (next.orElseThrow(this::timedOut)) {
                    case Event.Replied(Message.Reply reply) -> reply;
                    case Event.Failed(RpcException failure) -> throw (RpcException) failure.fillInStackTrace();
                };
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException.OutcomeUnknown("interrupted while message ID " + id.value() + " waited", e);
            }
        }

        private RpcException timedOut() {
            return new RpcException.OutcomeUnknown("Timed out waiting for a reply to message ID " + id.value());
        }

        @Override
        public void close() {
            waiting.remove(id);
        }
    }
}
