package dev.reseat.rpc.notification;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.notification.Intake.Taken;
import dev.reseat.rpc.notification.NotificationEndpoint.Result;
import dev.reseat.rpc.notification.NotificationListener.Requeue;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Receives notifications and hands them to endpoints in batches, as upstream's {@code get_batch_notification_listener}:
 * each endpoint gets those of one priority that its filter lets pass, in the order of their queue, priorities in the
 * order of their names. They are settled <em>after</em> they were handled. One batch at a time; otherwise as
 * {@link NotificationListener}, but no trace context is bound, as each notification has its own.
 */
public final class BatchNotificationListener implements Service {
    private static final System.Logger LOG = System.getLogger(BatchNotificationListener.class.getName());

    private final Transport transport;
    private final Intake intake;
    private final ListenAddress.Notifications source;
    private final List<BatchNotificationEndpoint> endpoints;
    private final Batch batch;
    private final BlockingQueue<Optional<Delivery>> arrived = new LinkedBlockingQueue<>(); // an empty one is the end
    private final Thread handling = Thread.ofVirtual().name("notification-batches").unstarted(this::run);
    private Optional<Transport.Listener> listener = Optional.empty(); // start, drain and stop come from one thread

    /**
     * How many are handled at once.
     *
     * @param size at most so many; a batch that is full is handled at once. More than the transport hands over before
     *     any is settled, {@code rabbit_qos_prefetch_count}, never come together
     * @param within a batch that is not full is handled so long after its first notification came
     */
    public record Batch(int size, Duration within) {
        public Batch {
            if (size < 1) {
                throw new IllegalArgumentException("a batch has at least one notification: " + size);
            }
            if (!within.isPositive()) {
                throw new IllegalArgumentException("the time for a batch must be positive: " + within);
            }
        }

        /** No more than that. */
        public Batch atMost(int limit) {
            return limit < size ? new Batch(limit, within) : this;
        }
    }

    /**
     * Over the queues that are named as topic and priority, or one queue of the pool's own.
     *
     * @param targets exchanges and topics
     */
    public BatchNotificationListener(
            Transport transport,
            EnvelopeCodec codec,
            List<Target> targets,
            Optional<String> pool,
            List<BatchNotificationEndpoint> endpoints,
            Requeue requeue,
            Batch batch) {
        this.transport = transport;
        this.intake = new Intake(codec, requeue);
        this.source = NotificationQueues.of(
                targets, endpoints.stream().flatMap(endpoint -> endpoint.priorities().stream()).toList(), pool);
        this.endpoints = List.copyOf(endpoints);
        this.batch = batch;
    }

    /** Declares and binds the queues, with the broker in reach, and begins. Once. */
    @Override
    public void start() {
        handling.start();
        listener = Optional.of(transport.listen(source, delivery -> arrived.add(Optional.of(delivery))));
        LOG.log(System.Logger.Level.INFO, "listening for batches of {0} notifications in {1}", batch.size(),
                source.queues().toList());
    }

    /** Handles what has arrived, full batch or not; then takes no further one. */
    @Override
    public Drained drain(Duration grace) {
        var deadline = Deadline.after(grace);
        arrived.add(Optional.empty());
        try {
            boolean done = listener.isEmpty() || handling.join(deadline.remaining());
            listener.ifPresent(Transport.Listener::stop);
            return done ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    /** What was not handled yet goes back to its queue. */
    @Override
    public void stop() {
        arrived.clear();
        arrived.add(Optional.empty());
        listener.ifPresent(Transport.Listener::close);
    }

    private void run() {
        try {
            boolean more = true;
            while (more) {
                List<Taken> taken = new ArrayList<>();
                more = collect(taken);
                handle(taken);
            }
        } catch (InterruptedException e) {
            // only a handler that interrupts its own thread gets here: it asked for the end
            LOG.log(System.Logger.Level.WARNING, "a handler was interrupted, listening for notifications ends");
        }
    }

    /** @return whether there may be more after these */
    private boolean collect(List<Taken> taken) throws InterruptedException {
        Optional<Delivery> next = arrived.take();
        var deadline = Deadline.after(batch.within());
        while (next != null && next.isPresent()) {
            take(next.get()).ifPresent(taken::add);
            if (taken.size() == batch.size()) {
                return true;
            }
            next = arrived.poll(deadline.remaining().toNanos(), NANOSECONDS);
        }
        return next == null;
    }

    private Optional<Taken> take(Delivery delivery) {
        try {
            return intake.take(delivery);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.INFO, "a notification was not settled and may come again: {0}", e.getMessage());
            return Optional.empty();
        }
    }

    private void handle(List<Taken> taken) {
        Map<Notification.Priority, List<Taken>> byPriority = new TreeMap<>(Comparator.comparing(Enum::name));
        taken.forEach(
                one -> byPriority.computeIfAbsent(one.notification().priority(), _ -> new ArrayList<>()).add(one));
        byPriority.forEach((priority, group) -> {
            boolean handled = endpoints.stream()
                    .filter(endpoint -> endpoint.priorities().contains(priority))
                    .allMatch(endpoint -> handles(endpoint, group));
            group.forEach(one -> settle(one, handled));
        });
    }

    private static boolean handles(BatchNotificationEndpoint endpoint, List<Taken> group) {
        List<ReceivedNotification> passed =
                group.stream().map(Taken::notification).filter(endpoint.filter()::passes).toList();
        try {
            return passed.isEmpty() || endpoint.handler().handle(passed) == Result.HANDLED;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "handling " + passed.size() + " notifications, the first "
                    + passed.getFirst() + ", failed", e);
            return false;
        }
    }

    private void settle(Taken taken, boolean handled) {
        try {
            intake.settle(taken, handled);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.INFO, "notification {0} will be delivered again: {1}", taken.notification(),
                    e.getMessage());
        }
    }
}
