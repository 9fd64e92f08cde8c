package dev.reseat.rpc.client;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls and casts to oslo.messaging servers. One per process and transport: it owns the process's reply queue, which is
 * declared at the first call. Thread-safe; a call blocks its thread.
 */
public final class RpcClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RpcClient.class.getName());
    private static final String WAITING = "reseat.rpc.client.waiting";

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final ClientConfig config;
    private final MeterRegistry meters;
    private final PendingReplies replies;
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>(); // the registry's own search takes longer

    public RpcClient(Transport transport, EnvelopeCodec codec, ClientConfig config, MeterRegistry meters) {
        this.transport = transport;
        this.codec = codec;
        this.config = config;
        this.meters = meters;
        this.replies = new PendingReplies(transport, codec, meters);
        meters.gauge(WAITING, replies, PendingReplies::count);
    }

    /** Calls to the target, with this client's timeouts and no version cap. */
    public PreparedCall prepare(Target target) {
        return new PreparedCall(this, target, config, Optional.empty(), RemoteErrors.none());
    }

    /** See {@link PreparedCall#isServed}. */
    int consumers(Target target, Duration within) {
        return transport.consumers(target.routingKey(), within);
    }

    /** Settles every waiting call as unknown. The transport stays open. Repeatable. */
    @Override
    public void close() {
        replies.close();
        meters.find(WAITING).meters().forEach(meters::remove); // the next client of this process has its own
    }

    <T> T call(PreparedCall call, RequestContext context, String method, Object args, Class<T> result) {
        Timer.Sample sample = Timer.start(meters);
        String outcome = "ok";
        try {
            return exchange(call, context, method, args, result);
        } catch (RpcException e) {
            outcome = e.getClass().getSimpleName();
            throw e;
        } finally {
            sample.stop(timers.computeIfAbsent(
                    new Labels(call.target().topic(), method, outcome), this::timer));
        }
    }

    private Timer timer(Labels of) {
        return meters.timer(
                "reseat.rpc.client.call", "topic", of.topic(), "method", of.method(), "outcome", of.outcome());
    }

    private <T> T exchange(PreparedCall call, RequestContext context, String method, Object args, Class<T> result) {
        var deadline = Deadline.after(call.config().responseTimeout());
        try (PendingReplies.Pending pending = replies.register(deadline)) {
            int monitor = call.config().monitorTimeout().map(time -> (int) time.toSeconds()).orElse(0);
            var replyTo = new Message.ReplyTo(pending.id(), Optional.of(replies.queue()), monitor);
            byte[] body = codec.request(call.target(), method, args, context, Optional.of(replyTo));
            Outgoing outgoing = call.config().toQueue(body).expiringAfter(call.config().responseTimeout());
            Sending sending = transport.publish(
                    topic(call.target()), outgoing, pending::sent);
            try {
                Message.Reply reply = pending.await(sending, deadline, call.config().monitorTimeout());
                return read(reply, method, result);
            } finally {
                sending.abandon("its caller waits no more");
                if (sending.isRepeated()) {
                    flagRepeated(call.target(), method, "message ID " + pending.id().value());
                }
            }
        }
    }

    /** Said for every such message, however it ended: the method may have run twice, on servers that share a topic. */
    private void flagRepeated(Target target, String method, String which) {
        LOG.log(System.Logger.Level.WARNING,
                "{0} to {1} was sent again after a lost connection, it may have run twice: {2}",
                method, target.routingKey(), which);
        meters.counter("reseat.rpc.client.repeated", "topic", target.topic(), "method", method).increment();
    }

    void cast(PreparedCall call, RequestContext context, String method, Object args) {
        byte[] body = codec.request(call.target(), method, args, context, Optional.empty());
        Outgoing message = call.config().toQueue(body);
        transport.send(
                topic(call.target()), call.config().castExpiration().map(message::expiringAfter).orElse(message),
                call.config().responseTimeout(), () -> flagRepeated(call.target(), method, "a cast"));
    }

    void fanout(PreparedCall call, RequestContext context, String method, Object args) {
        byte[] body = codec.request(call.target(), method, args, context, Optional.empty());
        var address = new Address.Fanout(call.target().topic());
        transport.send(
                address, call.config().toAll(body), call.config().responseTimeout(),
                () -> flagRepeated(call.target(), method, "a fanout"));
    }

    private <T> T read(Message.Reply reply, String method, Class<T> result) {
        if (reply.failure().isPresent()) {
            throw new RpcException.RemoteFailure(reply.failure().get());
        }
        try {
            return codec.bind(reply.result(), result);
        } catch (RuntimeException e) { // Jackson's, or a record's own check
            throw new RpcException.UnreadableReply("the result of " + method + " is not a " + result.getSimpleName(),
                    e);
        }
    }

    private record Labels(String topic, String method, String outcome) {}

    private static Address topic(Target target) {
        return new Address.Topic(target.exchange(), target.routingKey());
    }
}
