package dev.reseat.rpc.notification;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.transport.ListenAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What listeners listen to. */
final class NotificationQueues {
    private NotificationQueues() {}

    /** @param pool whose queue it is; empty for the queues that are named as topic and priority */
    static ListenAddress.Notifications of(
            List<Target> targets, Collection<Notification.Priority> priorities, Optional<String> pool) {
        return new ListenAddress.Notifications(Arrays.stream(Notification.Priority.values())
                .filter(priorities::contains)
                .flatMap(priority -> targets.stream()
                        .map(target -> binding(target.exchange(), priority.routingKey(target.topic()), pool)))
                .toList());
    }

    private static ListenAddress.Notifications.Binding binding(String exchange, String key, Optional<String> pool) {
        return new ListenAddress.Notifications.Binding(exchange, key, pool.orElse(key));
    }
}
