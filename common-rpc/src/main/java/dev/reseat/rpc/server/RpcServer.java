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
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
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
    private final LostCasts lost;
    private final MeterRegistry meters;
    private final Timer replyTimer;
    private final Map<Labels, Timer> timers = new ConcurrentHashMap<>(); // the registry's own search takes longer
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
        this.replies = new Replies(transport, config.replyRetryTimeout());
        this.lost = new LostCasts(target, meters);
        this.meters = meters;
        this.replyTimer = meters.timer("reseat.rpc.server.reply", "topic", target.topic());
    }

    @Override
    public void start() {
        listener = transport.listenInBatches(
                new ListenAddress.Server(target.exchange(), target.topic(), target.server().orElseThrow()),
                this::receive);
        Tags tags = tags();
        meters.gauge("reseat.rpc.server.running", tags, workers, Workers::busy);
        meters.gauge("reseat.rpc.server.workers", tags, workers, Workers::limit);
        TimeGauge.builder("reseat.rpc.server.silent", listener, TimeUnit.MILLISECONDS,
                silent -> silent.silentFor().toMillis())
                .tags(tags)
                .description("for how long no request could be received")
                .register(meters);
        LOG.log(System.Logger.Level.INFO, "serving {0} on exchange {1}", target.routingKey(), target.exchange());
    }

    /**
     * Stops taking requests, then waits for the running methods and their replies, also for those whose reply queue is
     * away. What the broker has sent ahead, and no worker was free for, goes back to its queue.
     */
    @Override
    public Drained drain(Duration grace) {
        workers.end(); // first: the listener does not stop while its receiver waits for a worker
        if (listener != null) {
            listener.stop();
        }
        var deadline = Deadline.after(grace);
        return workers.drain(grace) == Drained.CLEAN && replies.drain(deadline) ? Drained.CLEAN : Drained.FORCED;
    }

    @Override
    public void stop() {
        workers.end();
        if (listener != null) {
            listener.close();
        }
        gauges().forEach(meters::remove); // the next server of this name has its own
    }

    private List<Meter> gauges() {
        return Stream.of("reseat.rpc.server.running", "reseat.rpc.server.workers", "reseat.rpc.server.silent")
                .flatMap(name -> meters.find(name).tags(tags()).meters().stream())
                .toList();
    }

    private Tags tags() {
        return Tags.of("topic", target.topic(), "server", target.server().orElseThrow());
    }

    /** Takes what has arrived as far as there are workers: what none is free for stays with the broker. */
    private void receive(Arrivals arrivals) {
        try {
            boolean more = true;
            while (more && (arrivals.mayBlock() ? workers.acquire() : workers.tryAcquire())) {
                more = take(arrivals);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a free worker", e);
        }
    }

    /**
     * Acknowledges as many as there are workers for, in one piece, and only then starts them.
     *
     * @return whether there may be more on this connection
     */
    private boolean take(Arrivals arrivals) {
        List<Accepted> accepted = new ArrayList<>();
        var slots = new AtomicInteger(1); // acquired and not used
        try {
            arrivals.together(() -> accept(arrivals, accepted, slots));
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.INFO, "{0} messages on {1} will be delivered again: {2}", accepted.size(),
                    target.routingKey(), e.getMessage());
            workers.release(accepted.size() + slots.get());
            return false;
        }
        workers.release(slots.get());
        accepted.forEach(this::start);
        return slots.get() == 0;
    }

    private void accept(Arrivals arrivals, List<Accepted> accepted, AtomicInteger slots) {
        while (slots.get() > 0) {
            Optional<Delivery> next = arrivals.poll();
            if (next.isEmpty()) {
                return;
            }
            Optional<Message.Request> request = acknowledged(next.get());
            if (request.isPresent()) {
                accepted.add(Accepted.of(request.get(), next.get()));
                slots.set(workers.tryAcquire() ? 1 : 0);
            }
        }
    }

    /** The request, acknowledged; or empty if there is nothing to run. */
    private Optional<Message.Request> acknowledged(Delivery delivery) {
        try {
            Message message = codec.decode(delivery.body());
            delivery.acknowledge();
            if (message instanceof Message.Request request) {
                return Optional.of(request);
            }
            LOG.log(System.Logger.Level.WARNING, "a reply on {0} is ignored", target.routingKey());
        } catch (MalformedMessage e) {
            LOG.log(System.Logger.Level.WARNING, "message on {0} rejected: {1}", target.routingKey(), e.getMessage());
            meters.counter("reseat.rpc.server.rejected", "topic", target.topic()).increment();
            delivery.reject();
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "a message will be delivered again: {0}", e.getMessage());
        } catch (RuntimeException e) {
            // a fault of ours must not take the messages before it along, which are acknowledged
            LOG.log(System.Logger.Level.ERROR, "message on " + target.routingKey() + " rejected", e);
            delivery.reject();
        }
        return Optional.empty();
    }

    private void start(Accepted accepted) {
        Message.Request request = accepted.request();
        if (!request.uniqueId().map(duplicates::admit).orElse(true)) {
            LOG.log(System.Logger.Level.INFO, "duplicate of {0} ignored", request.method());
            workers.release(1);
            return;
        }
        if (accepted.delivery().isRedelivered()) {
            LOG.log(System.Logger.Level.WARNING,
                    "{0} on {1} was delivered before, it may have run already: message {2}", request.method(),
                    target.routingKey(), request.uniqueId().orElse("-"));
            meters.counter("reseat.rpc.server.redelivered", "topic", target.topic()).increment();
        }
        Runnable work = TraceContext.traced(accepted.delivery()::header, () -> serve(accepted));
        workers.run("rpc-" + request.method(), work);
    }

    /** @param deadline when its caller gives up, counted from its arrival; the time in the queue is not known */
    private record Accepted(Message.Request request, Delivery delivery, Deadline deadline) {
        static Accepted of(Message.Request request, Delivery delivery) {
            return new Accepted(
                    request, delivery, delivery.expiration().map(Deadline::after).orElseGet(Deadline::never));
        }
    }

    /**
     * Its worker's slot is free again when the broker has the answer: so answers that cannot leave hold up requests.
     */
    private void serve(Accepted accepted) {
        Message.Request request = accepted.request();
        Timer.Sample sample = Timer.start(meters);
        String outcome = "error";
        Optional<Answer> answer = Optional.empty();
        try (var _ = LogFields.of(request.context().logFields())) {
            Dispatcher.Outcome result;
            try (var _ = heartbeats(request)) {
                result = dispatcher.dispatch(request, accepted.deadline());
            }
            outcome = describe(result);
            if (result instanceof Dispatcher.Outcome.Refused(Failure failure)
                    && request.reply().flatMap(Message.ReplyTo::queue).isEmpty()) {
                lost.add(request, failure);
            }
            answer = answer(request, result);
        } finally {
            sample.stop(timer(request, outcome));
            answer.ifPresentOrElse(this::send, workers::release);
        }
    }

    private void send(Answer answer) {
        Timer.Sample sample = Timer.start(meters);
        var busy = new AtomicBoolean(true);
        Runnable release = () -> {
            if (busy.getAndSet(false)) {
                workers.release();
            }
        };
        try {
            replies.send(answer.queue(), answer.body(), () -> {
                release.run();
                sample.stop(replyTimer);
            });
        } catch (RuntimeException e) {
            release.run(); // a fault of ours must not take a worker along
            throw e;
        }
    }

    private Timer timer(Message.Request request, String outcome) {
        String method = dispatcher.lists(request.method()) ? request.method() : "-";
        return timers.computeIfAbsent(new Labels(method, outcome), this::timer);
    }

    private Timer timer(Labels of) {
        return meters.timer(
                "reseat.rpc.server.dispatch", "topic", target.topic(), "method", of.method(), "outcome", of.outcome());
    }

    private record Labels(String method, String outcome) {}

    private CallMonitor heartbeats(Message.Request request) {
        int seconds = request.reply().map(Message.ReplyTo::monitorSeconds).orElse(0);
        return CallMonitor.start(seconds, () -> request.reply()
                .flatMap(reply -> reply.queue()
                        .flatMap(queue -> replies.sendHeartbeat(queue, codec.heartbeat(reply.id())))));
    }

    private Optional<Answer> answer(Message.Request request, Dispatcher.Outcome outcome) {
        return request.reply()
                .flatMap(to -> to.queue()
                        .map(queue -> new Answer(queue, encoded(to.id(), request.method(), outcome))));
    }

    private static String describe(Dispatcher.Outcome outcome) {
        return switch (outcome) {
            case Dispatcher.Outcome.Result _ -> "ok";
            case Dispatcher.Outcome.Failed(_, String kind) -> kind;
            case Dispatcher.Outcome.Refused(Failure failure) -> failure.type();
        };
    }

    private record Answer(String queue, byte[] body) {}

    private byte[] encoded(CallId id, String method, Dispatcher.Outcome outcome) {
        try {
            return switch (outcome) {
                case Dispatcher.Outcome.Result(Object value) -> codec.result(id, value);
                case Dispatcher.Outcome.Failed(var failure, _) -> codec.failure(id, failure);
                case Dispatcher.Outcome.Refused(var failure) -> codec.failure(id, failure);
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
                Map.of("oslo_rpc_server_ping", new Endpoint.Method<>(Map.class, (_, _, _) -> "pong"))));
        return all;
    }
}
