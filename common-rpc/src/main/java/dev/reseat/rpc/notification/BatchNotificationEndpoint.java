package dev.reseat.rpc.notification;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;

/**
 * What is done with several notifications of one priority at once.
 *
 * @param priorities at least one
 * @param filter which of them
 */
public record BatchNotificationEndpoint(
        Set<Notification.Priority> priorities, NotificationFilter filter, Handler handler) {
    public BatchNotificationEndpoint {
        priorities = Set.copyOf(priorities);
        requireNonNull(filter, "filter is null");
        requireNonNull(handler, "handler is null");
        if (priorities.isEmpty()) {
            throw new IllegalArgumentException("an endpoint needs a priority");
        }
    }

    /** Deals with at least one notification; an exception is logged and counts as {@code REQUEUE}. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @return what is to become of <em>all</em> notifications of that priority in the batch, those that the filter
         *     kept from this endpoint too
         */
        NotificationEndpoint.Result handle(List<ReceivedNotification> notifications);
    }
}
