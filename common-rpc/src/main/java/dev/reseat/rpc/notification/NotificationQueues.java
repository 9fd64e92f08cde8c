package dev.reseat.rpc.notification;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.transport.Source;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What listeners listen to. */
final class NotificationQueues {
    private NotificationQueues() {}

    /** @param pool whose queue it is; empty for the queues that are named as topic and priority */
    static Source.Notifications of(
            List<Target> targets, Collection<Notification.Priority> priorities, Optional<String> pool) {
        return new Source.Notifications(Arrays.stream(Notification.Priority.values())
                .filter(priorities::contains)
                .flatMap(priority -> targets.stream()
                        .map(target -> binding(target.exchange(), priority.routingKey(target.topic()), pool)))
                .toList());
    }

    private static Source.Notifications.Binding binding(String exchange, String key, Optional<String> pool) {
        return new Source.Notifications.Binding(exchange, key, pool.orElse(key));
    }
}
