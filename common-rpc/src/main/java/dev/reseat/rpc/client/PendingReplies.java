package dev.reseat.rpc.client;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Source;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The reply queue of this process, and who waits for what on it: call id to waiting caller. */
final class PendingReplies implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PendingReplies.class.getName());

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final Map<CallId, Pending> waiting = new ConcurrentHashMap<>();
    private Transport.Listener listener; // guarded by this; null until the first call
    private volatile String queue = ""; // named when it is listened to, at the first call
    private boolean closed; // guarded by this

    PendingReplies(Transport transport, EnvelopeCodec codec) {
        this.transport = transport;
        this.codec = codec;
    }

    /** How many callers wait. */
    int count() {
        return waiting.size();
    }

    /** Its name, once a call was registered. */
    String queue() {
        return queue;
    }

    /** A place for one reply, made before the call is sent; closing it forgets the call. */
    Pending register() {
        if (queue.isEmpty()) {
            listenOnce();
        }
        var pending = new Pending(CallId.random());
        waiting.put(pending.id, pending);
        return pending;
    }

    @Override
    public void close() {
        Transport.Listener running;
        synchronized (this) {
            closed = true;
            running = listener;
            listener = null;
            queue = "";
        }
        if (running != null) {
            running.close();
        }
        waiting.values()
                .forEach(pending -> pending.failed(new RpcException.OutcomeUnknown("the client was closed meanwhile")));
    }

    private synchronized void listenOnce() {
        if (closed) {
            throw new RpcException.NotDelivered("this client is closed");
        }
        if (listener == null) {
            String name = transport.newReplyQueueName();
            listener = transport.listenInBatches(new Source.Replies(name), this::receive);
            queue = name;
        }
    }

    private void receive(Arrivals arrivals) {
        arrivals.together(() -> {
            for (var next = arrivals.poll(); next.isPresent(); next = arrivals.poll())
                receive(next.get());
        });
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

    private sealed interface Event {
        record Replied(Message.Reply reply) implements Event {}

        record Failed(RpcException failure) implements Event {}
    }

    /** One waiting caller. */
    final class Pending implements AutoCloseable {
        private final CallId id;
        private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

        private Pending(CallId id) {
            this.id = id;
        }

        CallId id() {
            return id;
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
            Optional<Message.Reply> early = Optional.empty(); // of peers that send the result first, then the end
            while (true) {
                Duration patience = monitorTimeout
                        .filter(time -> time.compareTo(deadline.remaining()) < 0)
                        .orElse(deadline.remaining());
                Message.Reply reply = next(request, patience);
                boolean saysSomething = reply.failure().isPresent() || !reply.result().isNull();
                if (reply.ending()) {
                    return saysSomething ? reply : early.orElse(reply);
                }
                early = saysSomething ? Optional.of(reply) : early;
            }
        }

        private Message.Reply next(Sending request, Duration patience) {
            try {
                Event next = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    request.abandon("not confirmed in time"); // if it never was, the caller learns it here
                    next = events.poll();
                }
                return switch (next) {
                    case Event.Replied(Message.Reply reply) -> reply;
                    case Event.Failed(RpcException failure) -> throw (RpcException) failure.fillInStackTrace();
                    case null -> throw new RpcException.OutcomeUnknown(
                            "Timed out waiting for a reply to message ID " + id.value());
                };
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RpcException.OutcomeUnknown("interrupted while message ID " + id.value() + " waited", e);
            }
        }

        @Override
        public void close() {
            waiting.remove(id);
        }
    }
}
