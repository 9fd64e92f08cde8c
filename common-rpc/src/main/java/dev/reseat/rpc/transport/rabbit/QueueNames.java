package dev.reseat.rpc.transport.rabbit;

import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import java.util.Optional;
import java.util.UUID;

/** Names of the queues that a listener or a client has for itself. */
final class QueueNames {
    private final boolean stream;
    private final Optional<QueueManager> manager;

    QueueNames(RabbitConfig config, String program) {
        this.stream = config.queues().streamFanout();
        this.manager = config.names().map(names -> QueueManager.of(names, program));
    }

    /** Bound to the fanout, under this name for the listener's life; empty for sources that have none. */
    String own(ListenAddress source) {
        return source instanceof ListenAddress.Server server ? fanout(server.fanout()) : "";
    }

    private String fanout(Address.Fanout fanout) {
        return stream ? fanout.exchange() : fanout.exchange() + "_" + unique();
    }

    String replies() {
        return "reply_" + unique();
    }

    /** Whether nobody will listen to an own queue again: others do if it is shared, or has its name for good. */
    boolean areForOnce() {
        return !stream && manager.isEmpty();
    }

    private String unique() {
        return manager.map(QueueManager::next).orElseGet(() -> UUID.randomUUID().toString().replace("-", ""));
    }
}
