package dev.reseat.rpc.notification;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What is done with notifications of some priorities.
 *
 * @param priorities at least one
 * @param filter which of them
 */
public record NotificationEndpoint(
        Set<Notification.Priority> priorities, NotificationFilter filter, Handler handler) {
    public NotificationEndpoint {
        priorities = Set.copyOf(priorities);
        requireNonNull(filter, "filter is null");
        requireNonNull(handler, "handler is null");
        if (priorities.isEmpty()) {
            throw new IllegalArgumentException("an endpoint needs a priority");
        }
    }

    /** Deals with one notification. An exception is logged and counts as {@link Result#REQUEUE}. */
    @FunctionalInterface
    public interface Handler {
        /** Called for one notification at a time; may block, which holds up the others. */
        Result handle(ReceivedNotification notification);
    }

    /** What is to become of it. */
    public enum Result {
        /** It is done with. */
        HANDLED,
        /** It goes back to its queue; endpoints that would come later do not see it now. */
        REQUEUE
    }
}
