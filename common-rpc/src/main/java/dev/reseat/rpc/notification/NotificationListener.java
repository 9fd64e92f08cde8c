package dev.reseat.rpc.notification;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.TraceContext;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.LogFields;
import dev.reseat.runtime.Service;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Receives notifications and hands them to endpoints, as upstream's {@code get_notification_listener}: each endpoint of
 * the priority whose filter passes, in their order. A notification is settled <em>after</em> they are done, so one
 * whose listener dies is delivered again. One at a time, in the order of the queue; {@link BatchNotificationListener}
 * takes several.
 *
 * <p>Listeners with the same pool share a queue of that name, and each pool gets every notification; without a pool
 * they share the queues of the topics, which are named as topic and priority.
 */
public final class NotificationListener implements Service {
    private static final System.Logger LOG = System.getLogger(NotificationListener.class.getName());

    private final Transport transport;
    private final EnvelopeCodec codec;
    private final ListenAddress.Notifications source;
    private final List<NotificationEndpoint> endpoints;
    private final Requeue requeue;
    private final Intake intake;
    private Optional<Transport.Listener> listener = Optional.empty(); // start, drain and stop come from one thread

    /** Whether {@link NotificationEndpoint.Result#REQUEUE} is heeded. */
    public enum Requeue {
        /** It goes back to its queue, and may come again at once. */
        ALLOWED,
        /** It is dropped: upstream's default, which keeps a handler that always fails from running for ever. */
        NEVER
    }

    /**
     * Over the queues that are named as topic and priority.
     *
     * @param targets exchanges and topics
     */
    public NotificationListener(
            Transport transport,
            EnvelopeCodec codec,
            List<Target> targets,
            List<NotificationEndpoint> endpoints,
            Requeue requeue) {
        this(transport, codec, NotificationQueues.of(
                targets, endpoints.stream().flatMap(endpoint -> endpoint.priorities().stream()).toList(),
                Optional.empty()), endpoints, requeue);
    }

    private NotificationListener(
            Transport transport,
            EnvelopeCodec codec,
            ListenAddress.Notifications source,
            List<NotificationEndpoint> endpoints,
            Requeue requeue) {
        this.transport = transport;
        this.codec = codec;
        this.source = source;
        this.endpoints = List.copyOf(endpoints);
        this.requeue = requeue;
        this.intake = new Intake(codec, requeue);
    }

    /** The same over a queue of the pool's own. To be called before {@link #start}. */
    public NotificationListener inPool(String pool) {
        var bindings = source.bindings()
                .stream()
                .map(to -> new ListenAddress.Notifications.Binding(to.exchange(), to.routingKey(), pool))
                .toList();
        return new NotificationListener(
                transport, codec, new ListenAddress.Notifications(bindings), endpoints, requeue);
    }

    /** Declares and binds the queues, with the broker in reach, and begins. */
    @Override
    public void start() {
        listener = Optional.of(transport.listen(source, this::receive));
        LOG.log(System.Logger.Level.INFO, "listening for notifications in {0}", source.queues().toList());
    }

    /** Takes no further one; waits for the one that is being handled. */
    @Override
    public Drained drain(Duration grace) {
        Thread stopping = Thread.ofVirtual()
                .name("notification-drain")
                .start(() -> listener.ifPresent(Transport.Listener::stop));
        try {
            return stopping.join(grace) ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        listener.ifPresent(Transport.Listener::close);
    }

    private void receive(Delivery delivery) {
        intake.take(delivery)
                .ifPresent(taken -> TraceContext.traced(delivery::header, () -> handle(taken)).run());
    }

    private void handle(Intake.Taken taken) {
        ReceivedNotification notification = taken.notification();
        try (var _ = LogFields.of(notification.context().logFields())) {
            boolean handled = endpoints.stream()
                    .filter(endpoint -> endpoint.priorities().contains(notification.priority()))
                    .filter(endpoint -> endpoint.filter().passes(notification))
                    .allMatch(endpoint -> handles(endpoint, notification));
            intake.settle(taken, handled);
        }
    }

    private static boolean handles(NotificationEndpoint endpoint, ReceivedNotification notification) {
        try {
            return endpoint.handler().handle(notification) == NotificationEndpoint.Result.HANDLED;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "handling notification " + notification + " failed", e);
            return false;
        }
    }
}
