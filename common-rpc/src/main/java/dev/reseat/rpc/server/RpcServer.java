package dev.reseat.rpc.server;

import dev.reseat.rpc.CallId;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.TraceContext;
import dev.reseat.rpc.envelope.DuplicateFilter;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.Source;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Serves one target: the queues {@code topic} and {@code topic.server} and the topic's fanout.
 *
 * <p>At most once, as oslo.messaging: a request is acknowledged <em>before</em> its method runs, so a process that dies
 * takes the request with it and the caller times out. Whoever drives repeats, not the broker.
 */
public final class RpcServer implements Service {
    private static final System.Logger LOG = System.getLogger(RpcServer.class.getName());

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final Target target;
    private final Dispatcher dispatcher;
    private final Workers workers;
    private final Replies replies;
    private final MeterRegistry meters;
    private final DuplicateFilter duplicates = new DuplicateFilter();
    private Transport.Listener listener; // start, drain and stop come from one thread

    /** @param target exchange, topic and server name to listen as */
    public RpcServer(
            Transport transport,
            EnvelopeCodec codec,
            Target target,
            List<Endpoint> endpoints,
            ServerConfig config,
            MeterRegistry meters) {
        if (target.server().isEmpty()) {
            throw new IllegalArgumentException(
                    "A server's target must have topic and server names specified: " + target);
        }
        this.transport = transport;
        this.codec = codec;
        this.target = target;
        this.dispatcher = new Dispatcher(config.ping() ? withPing(endpoints) : endpoints, codec);
        this.workers = new Workers(config.workers());
        this.replies = new Replies(transport);
        this.meters = meters;
    }

    @Override
    public void start() {
        listener = transport.listen(
                new Source.Server(target.exchange(), target.topic(), target.server().orElseThrow()), this::receive);
        LOG.log(System.Logger.Level.INFO, "serving {0} on exchange {1}", target.routingKey(), target.exchange());
    }

    /** Stops taking requests, then waits for the running methods and their replies. */
    @Override
    public Drained drain(Duration grace) {
        if (listener != null) {
            listener.stop();
        }
        return workers.drain(grace);
    }

    @Override
    public void stop() {
        if (listener != null) {
            listener.close();
        }
    }

    private void receive(Delivery delivery) {
        try {
            workers.acquire(); // before the acknowledgement: what no worker is free for stays with the broker
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a free worker", e);
        }
        Optional<Message.Request> request = Optional.empty();
        try {
            request = accepted(delivery);
        } finally {
            if (request.isEmpty()) {
                workers.release();
            }
        }
        request.ifPresent(accepted -> workers.run(
                "rpc-" + accepted.method(), TraceContext.traced(delivery::header, () -> serve(accepted))));
    }

    /** The request, acknowledged; or empty if there is nothing to run. */
    private Optional<Message.Request> accepted(Delivery delivery) {
        Message message;
        try {
            message = codec.decode(delivery.body());
        } catch (MalformedMessage e) {
            LOG.log(System.Logger.Level.WARNING, "message on {0} rejected: {1}", target.routingKey(), e.getMessage());
            meters.counter("reseat.rpc.server.rejected", "topic", target.topic()).increment();
            delivery.reject();
            return Optional.empty();
        }
        delivery.acknowledge();
        return switch (message) {
            case Message.Request request when request.uniqueId().map(duplicates::admit).orElse(true) ->
                Optional.of(request);
            case Message.Request request -> {
                LOG.log(System.Logger.Level.INFO, "duplicate of {0} ignored", request.method());
                yield Optional.empty();
            }
            case Message.Reply reply -> {
                LOG.log(System.Logger.Level.WARNING, "reply {0} on {1} ignored", reply.id(), target.routingKey());
                yield Optional.empty();
            }
        };
    }

    private void serve(Message.Request request) {
        Timer.Sample sample = Timer.start(meters);
        String outcome;
        try (var _ = LogFields.request(request.context().requestId().orElse("-"));
                var _ = heartbeats(request)) {
            outcome = answer(request, dispatcher.dispatch(request));
        }
        sample.stop(meters.timer(
                "reseat.rpc.server.dispatch",
                "topic", target.topic(),
                "method",
                outcome.equals("NoSuchMethod") || outcome.equals("UnsupportedVersion") ? "-" : request.method(),
                "outcome", outcome));
    }

    private CallMonitor heartbeats(Message.Request request) {
        int seconds = request.reply().map(Message.ReplyTo::monitorSeconds).orElse(0);
        return CallMonitor.start(seconds, () -> request.reply()
                .ifPresent(reply -> reply.queue()
                        .ifPresent(queue -> replies.sendHeartbeat(queue, codec.heartbeat(reply.id())))));
    }

    private String answer(Message.Request request, Dispatcher.Outcome outcome) {
        request.reply().ifPresent(reply -> reply.queue().ifPresent(queue -> {
            replies.send(queue, encoded(reply.id(), request.method(), outcome));
        }));
        return switch (outcome) {
            case Dispatcher.Outcome.Result _ -> "ok";
            case Dispatcher.Outcome.Failed(var failure) -> failure.type();
        };
    }

    private byte[] encoded(CallId id, String method, Dispatcher.Outcome outcome) {
        try {
            return switch (outcome) {
                case Dispatcher.Outcome.Result(Object value) -> codec.result(id, value);
                case Dispatcher.Outcome.Failed(var failure) -> codec.failure(id, failure);
            };
        } catch (JacksonException e) {
            LOG.log(System.Logger.Level.ERROR, "the answer of " + method + " cannot be written as JSON", e);
            return codec.failure(id, Failure.of("builtins", "TypeError", method + "() gave what is no JSON"));
        }
    }

    private static List<Endpoint> withPing(List<Endpoint> endpoints) {
        List<Endpoint> all = new ArrayList<>(endpoints);
        all.add(new Endpoint(
                Optional.empty(),
                RpcVersion.DEFAULT,
                Map.of("oslo_rpc_server_ping", new Endpoint.Method<>(Map.class, (_, _) -> "pong"))));
        return all;
    }
}
