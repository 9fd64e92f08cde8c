package dev.reseat.rpc.wiring;

import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Service;
import java.time.Duration;
import java.util.List;

/**
 * Starts only where nobody consumes from certain queues; to be started before the servers that will. What the broker
 * cannot tell is not taken for "nobody".
 */
public final class VacantQueues implements Service {
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final RpcClient client;
    private final String service;
    private final List<Target> targets;

    /** @param service whose queues they are, for the operator */
    VacantQueues(RpcClient client, String service, List<Target> targets) {
        this.client = client;
        this.service = service;
        this.targets = List.copyOf(targets);
    }

    /**
     * Declares nothing.
     *
     * @throws QueueInUse naming the first queue that has a consumer, or that the broker does not tell about, and what
     *     to do next
     */
    @Override
    public void start() {
        targets.forEach(this::check);
    }

    private void check(Target target) {
        String queue = "queue '" + target.routingKey() + "' of " + service;
        boolean served;
        try {
            served = client.prepare(target).isServed(WITHIN);
        } catch (RpcException.NotDelivered e) {
            throw new QueueInUse("[reseat] replaces: it cannot be told whether " + queue + " is free (" + e.getMessage()
                    + "); start again when the broker answers, or with --takeover to serve it all the same");
        }
        if (served) {
            throw new QueueInUse("[reseat] replaces: " + queue + " has a consumer already; stop that " + service
                    + " first, or remove the setting to live beside it, or start with --takeover to share its "
                    + "messages");
        }
    }

    @Override
    public void stop() {
        // it holds nothing
    }
}
