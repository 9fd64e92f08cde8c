package dev.reseat.rpc.client;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.transport.Delivery;
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
    private final String queue = "reply_" + CallId.random().value();
    private final Map<CallId, Pending> waiting = new ConcurrentHashMap<>();
    private Transport.Listener listener; // guarded by this; null until the first call
    private boolean closed; // guarded by this

    PendingReplies(Transport transport, EnvelopeCodec codec) {
        this.transport = transport;
        this.codec = codec;
    }

    String queue() {
        return queue;
    }

    /** A place for one reply, made before the call is sent; closing it forgets the call. */
    Pending register() {
        listenOnce();
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
        }
        if (running != null) {
            running.close();
        }
        waiting.values().forEach(pending -> pending.messages.add(Optional.empty()));
    }

    private synchronized void listenOnce() {
        if (closed) {
            throw new RpcException.NotDelivered("this client is closed");
        }
        if (listener == null) {
            listener = transport.listen(new Source.Replies(queue), this::receive);
        }
    }

    private void receive(Delivery delivery) {
        Message message;
        try {
            message = codec.decode(delivery.body());
        } catch (MalformedMessage e) {
            LOG.log(System.Logger.Level.WARNING, "reply rejected: {0}", e.getMessage());
            delivery.reject();
            return;
        }
        delivery.acknowledge();
        switch (message) {
            case Message.Reply reply -> complete(reply);
            case Message.Request request ->
                LOG.log(System.Logger.Level.WARNING, "request {0} on the reply queue ignored", request.method());
        }
    }

    private void complete(Message.Reply reply) {
        Pending pending = waiting.get(reply.id());
        if (pending == null) {
            LOG.log(System.Logger.Level.DEBUG, "nobody waits for reply {0} any more", reply.id().value());
        } else {
            pending.messages.add(Optional.of(reply));
        }
    }

    /** One waiting caller. */
    final class Pending implements AutoCloseable {
        private final CallId id;
        private final BlockingQueue<Optional<Message.Reply>> messages = new LinkedBlockingQueue<>();

        private Pending(CallId id) {
            this.id = id;
        }

        CallId id() {
            return id;
        }

        /** The final reply. @throws RpcException.OutcomeUnknown if it does not come, or signs of life stop coming */
        Message.Reply await(Deadline deadline, Optional<Duration> monitorTimeout) {
            Optional<Message.Reply> early = Optional.empty(); // of peers that send the result first, then the end
            while (true) {
                Duration patience = monitorTimeout
                        .filter(time -> time.compareTo(deadline.remaining()) < 0)
                        .orElse(deadline.remaining());
                Message.Reply reply = next(patience);
                boolean saysSomething = reply.failure().isPresent() || !reply.result().isNull();
                if (reply.ending()) {
                    return saysSomething ? reply : early.orElse(reply);
                }
                early = saysSomething ? Optional.of(reply) : early;
            }
        }

        private Message.Reply next(Duration patience) {
            try {
                Optional<Message.Reply> next = messages.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new RpcException.OutcomeUnknown("Timed out waiting for a reply to message ID " + id.value());
                }
                return next.orElseThrow(() -> new RpcException.OutcomeUnknown(
                        "the client was closed while message ID " + id.value() + " waited"));
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
