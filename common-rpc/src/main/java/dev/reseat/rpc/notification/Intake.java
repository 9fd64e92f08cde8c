package dev.reseat.rpc.notification;

import dev.reseat.rpc.envelope.DuplicateFilter;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.NotificationMessage;
import dev.reseat.rpc.notification.NotificationListener.Requeue;
import dev.reseat.rpc.transport.Delivery;
import java.util.Optional;

/** Deliveries to notifications, as every listener takes and settles them. Used by one thread. */
final class Intake {
    private static final System.Logger LOG = System.getLogger(Intake.class.getName());

    private final EnvelopeCodec codec;
    private final Requeue requeue;
    private final DuplicateFilter duplicates = new DuplicateFilter();

    Intake(EnvelopeCodec codec, Requeue requeue) {
        this.codec = codec;
        this.requeue = requeue;
    }

    /** A notification that somebody has to deal with, then to be settled. */
    record Taken(ReceivedNotification notification, Optional<String> uniqueId, Delivery delivery) {}

    /** Empty if there is nothing to deal with; then the delivery is settled. */
    Optional<Taken> take(Delivery delivery) {
        NotificationMessage message;
        try {
            message = codec.readNotification(delivery.body());
        } catch (MalformedMessage e) {
            LOG.log(System.Logger.Level.WARNING, "a notification was rejected: {0}", e.getMessage());
            delivery.reject();
            return Optional.empty();
        }
        if (!message.uniqueId().map(duplicates::admit).orElse(true)) {
            LOG.log(System.Logger.Level.INFO, "duplicate of a notification ignored");
            delivery.acknowledge();
            return Optional.empty();
        }
        Optional<ReceivedNotification> notification = ReceivedNotification.of(message);
        if (notification.isEmpty()) {
            LOG.log(System.Logger.Level.WARNING, "a notification of an unknown priority was ignored");
            delivery.acknowledge();
        }
        return notification.map(known -> new Taken(known, message.uniqueId(), delivery));
    }

    /** @param handled whether everybody is done with it */
    void settle(Taken taken, boolean handled) {
        if (handled || requeue == Requeue.NEVER) {
            taken.delivery().acknowledge();
        } else {
            taken.uniqueId().ifPresent(duplicates::forget);
            taken.delivery().requeue();
        }
    }
}
