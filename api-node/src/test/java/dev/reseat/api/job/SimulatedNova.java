package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.StartInstance;
import dev.reseat.contract.compute.StopInstance;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.conductor.ConductorRpc.ObjectClassAction;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A nova-conductor, and the nova-compute of host-a, as far as stopping and starting goes; its guests are rows. */
final class SimulatedNova implements AutoCloseable {
    private static final String EXCHANGE = ComputeRpc.DEFAULT_EXCHANGE;

    /** {@code stop UUID} and {@code start UUID}, as they came. */
    final List<String> asked = new CopyOnWriteArrayList<>();
    /** Most instances that were stopped at once. */
    final AtomicInteger most = new AtomicInteger();
    /** Instances that cannot be stopped, or started: Nova gives up, and the row says so. */
    final Set<String> failing = ConcurrentHashMap.newKeySet();
    /** Runs when an instance has been stopped. */
    volatile Runnable whenStopped = () -> {};
    /** What is asked for them is lost, once. */
    final Set<String> losing = ConcurrentHashMap.newKeySet();
    /** Instances whose requests are taken, and nothing comes of them. */
    final Set<String> hanging = ConcurrentHashMap.newKeySet();
    /** What else is done with an instance as soon as it is stopped: a task_state. */
    volatile Optional<String> taskWhenStopped = Optional.empty();
    private final Semaphore received = new Semaphore(0);
    private final Set<String> stopped = ConcurrentHashMap.newKeySet();
    private final CloudFixture cloud;
    private final List<RpcServer> servers;

    SimulatedNova(JobCloud node) {
        cloud = node.cloud;
        Endpoint conductor = Endpoint.inDefaultNamespace(3, 0)
                .method(ObjectClassAction.METHOD, ObjectClassAction.class, (_, args) -> instance(args))
                .build();
        Endpoint compute = Endpoint.inDefaultNamespace(6, 1)
                .method(StopInstance.METHOD, StopInstance.class, (_, args) -> stop(uuid(args.instance())))
                .method(StartInstance.METHOD, StartInstance.class, (_, args) -> start(uuid(args.instance())))
                .build();
        servers = List.of(
                node.peers.server(ConductorRpc.target(EXCHANGE).onServer("conductor-1"), List.of(conductor)),
                node.peers.server(ComputeRpc.host(EXCHANGE, "host-a"), List.of(compute)));
        servers.forEach(RpcServer::start);
    }

    private static Map<String, Object> instance(ObjectClassAction asked) {
        return Map.of(
                "nova_object.name", asked.objname(), "nova_object.namespace", "nova", "nova_object.version",
                asked.objectVersions().get(asked.objname()), "nova_object.data",
                Map.of("uuid", asked.args().getFirst()));
    }

    private static String uuid(Map<String, Object> instance) {
        return ((Map<?, ?>) instance.get("nova_object.data")).get("uuid").toString();
    }

    /** Returns when so many more requests have come. */
    void awaitAsked(int count) {
        try {
            assertThat(received.tryAcquire(count, 60, TimeUnit.SECONDS)).as("%d requests have come", count).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void told(String what) {
        asked.add(what);
        received.release();
    }

    private Object stop(String uuid) {
        told("stop " + uuid);
        if (losing.remove(uuid) || hanging.contains(uuid)) {
            return null;
        }
        if (!failing.contains(uuid)) {
            whenStopped.run();
            stopped.add(uuid);
            most.accumulateAndGet(stopped.size(), Math::max);
            become(uuid, "powering-off", "stopped", 4);
            taskWhenStopped.ifPresent(task -> cloud.execute(
                    cloud.nova(), "UPDATE instances SET task_state = ? WHERE uuid = ?", task, uuid));
        } else {
            become(uuid, "powering-off", "active", 1);
        }
        return null;
    }

    private Object start(String uuid) {
        told("start " + uuid);
        if (hanging.contains(uuid)) {
            return null;
        }
        if (!failing.contains(uuid)) {
            stopped.remove(uuid);
            become(uuid, "powering-on", "active", 1);
        } else {
            become(uuid, "powering-on", "stopped", 4);
        }
        return null;
    }

    private void become(String uuid, String task, String state, int power) {
        cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = ?, power_state = ?, task_state = NULL"
                + " WHERE uuid = ? AND task_state = ?", state, power, uuid, task);
    }

    @Override
    public void close() {
        servers.forEach(RpcServer::stop);
    }
}
