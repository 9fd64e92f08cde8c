package dev.reseat.api.remote;

import dev.reseat.contract.OwnExchange;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.status.StatusRpc;
import dev.reseat.contract.status.StatusRpc.TellStatus;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks every process of Reseat at once how it is; each tells an api-node. */
public final class StatusClient {
    private static final Duration WITHIN = Duration.ofSeconds(2);

    private final AllBrokers brokers;

    public StatusClient(AllBrokers brokers) {
        this.brokers = brokers;
    }

    /**
     * All brokers at the same time. Returns when they have the question, or at the deadline.
     *
     * @param forgotten after which nobody is to answer any more
     * @return of brokers that could not be asked, why
     */
    public List<String> ask(RequestContext context, TellStatus question, Deadline deadline, Duration forgotten)
            throws InterruptedException {
        List<Asked> all = new ArrayList<>();
        for (Target topic : StatusRpc.everybody(
                OwnExchange.API_TOPIC, VolumeRpc.OWN_TOPIC, ComputeRpc.OWN_TOPIC)) {
            all.add(begin(brokers.own(), topic, context, question, deadline, forgotten));
        }
        for (RpcClient cell : brokers.ofCells()) {
            StatusRpc.everybody(ComputeRpc.OWN_TOPIC)
                    .forEach(topic -> all.add(begin(cell, topic, context, question, deadline, forgotten)));
        }
        List<String> failures = new ArrayList<>();
        for (Asked one : all) {
            one.failure(deadline).ifPresent(failures::add);
        }
        return failures;
    }

    private static Asked begin(
            RpcClient broker, Target topic, RequestContext context, TellStatus question, Deadline deadline,
            Duration forgotten) {
        var asking = new FutureTask<Optional<String>>(
                () -> ask(broker, topic, context, question, left(deadline), forgotten));
        Thread.ofVirtual().name("status-" + topic.topic()).start(asking);
        return new Asked(topic.topic(), asking);
    }

    private static Duration left(Deadline deadline) {
        return deadline.within(WITHIN).remaining().plusMillis(1); // a cast needs some time, even in vain
    }

    private static Optional<String> ask(
            RpcClient broker, Target topic, RequestContext context, TellStatus question, Duration within,
            Duration forgotten) {
        try {
            broker.prepare(topic).timeout(within).expiring(forgotten).fanout(context, TellStatus.METHOD, question);
            return Optional.empty();
        } catch (RpcException e) {
            return Optional.of(topic.topic() + ": " + e.getMessage());
        }
    }

    /** One topic of one broker. */
    private record Asked(String topic, FutureTask<Optional<String>> asking) {
        Optional<String> failure(Deadline deadline) throws InterruptedException {
            try {
                return asking.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return Optional.of(topic + ": its broker has not taken the question in time");
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }
}
