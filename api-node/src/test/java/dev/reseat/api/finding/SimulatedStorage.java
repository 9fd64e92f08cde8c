package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.object.JsonText;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.StoredVolume;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.CastSteps;
import dev.reseat.step.RetryPauses;
import dev.reseat.step.StepResult;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Hosts and backends that say of every volume, one by one and in inventories, what a test says. Pages are small, so
 * that there are several.
 */
final class SimulatedStorage implements AutoCloseable {
    private static final int PAGE = 2;
    private static final int LIMIT_SECONDS = 120;

    /** Volumes that a host holds: {@code HOST ID}. */
    final Set<String> held = ConcurrentHashMap.newKeySet();
    /** Instances whose running guests have a volume: {@code HOST ID} to its uuid. */
    final Map<String, String> guests = new ConcurrentHashMap<>();
    /** Volumes that a backend keeps: {@code BACKEND ID}. */
    final Set<String> stored = ConcurrentHashMap.newKeySet();
    /** Hosts that a backend lets in to a volume, by its id. */
    final Map<String, String> exports = new ConcurrentHashMap<>();
    /**
     * Whether somebody is at a volume, by its id, of a backend that lets in whoever has the key: a watcher of Ceph's or
     * a file's lock, whose host nobody knows.
     */
    final Map<String, Answer> users = new ConcurrentHashMap<>();
    /** Volumes that were taken down. */
    final Set<String> resets = ConcurrentHashMap.newKeySet();
    /** How many inventories were asked for at all. */
    final AtomicInteger inventories = new AtomicInteger();
    /** What else has been asked, volume by volume. */
    final AtomicInteger questions = new AtomicInteger();
    /** Hosts and backends that have nothing to say. */
    final Set<String> silent = ConcurrentHashMap.newKeySet();
    private final List<RpcServer> servers = new ArrayList<>();
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore gate = new Semaphore(0);
    private final CastSteps steps;
    private final int gated;

    /** @param gated whether no sweep goes on before the test lets it */
    SimulatedStorage(Rpc rpc, List<String> hosts, List<String> backends, boolean gated) {
        this.steps = new CastSteps(rpc.client(), new SimpleMeterRegistry(), RetryPauses.DEFAULT);
        this.gated = gated ? hosts.size() : 0;
        for (String host : hosts) {
            serve(rpc.server(ComputeRpc.own(host), List.of(agent(host))));
        }
        for (String backend : backends) {
            serve(rpc.server(VolumeRpc.own(backend), List.of(manager(backend))));
        }
    }

    private void serve(RpcServer server) {
        server.start();
        servers.add(server);
    }

    /** A sweep stands before its first inventory. */
    void awaitSweep() {
        acquire(asked, gated);
    }

    /** Lets it go on; returns when it is over, and the next one has begun. */
    void sweep() {
        gate.release(gated);
        acquire(asked, gated);
    }

    /** Lets one answer go on that nobody waits for any more. */
    void release() {
        gate.release();
    }

    private static void acquire(Semaphore semaphore, int permits) {
        try {
            assertThat(semaphore.tryAcquire(permits, LIMIT_SECONDS, TimeUnit.SECONDS)).as("a sweep").isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void speak(String name) {
        if (silent.contains(name)) {
            throw new IllegalStateException(name + " has nothing to say");
        }
    }

    private Endpoint agent(String host) {
        return Endpoint.of(ComputeRpc.NAMESPACE, 1, 1)
                .method(InspectVolume.METHOD, InspectVolume.class, (_, question) -> inspect(host, question))
                .method(HostInventory.METHOD, HostInventory.class, (_, question) -> inventory(host, question))
                .build();
    }

    private InspectVolume.Result inspect(String host, InspectVolume question) {
        questions.incrementAndGet();
        String key = host + " " + question.volumeId();
        Answer guest = Answer.of(Optional.ofNullable(guests.get(key))
                .filter(uuid -> question.instanceUuid().filter(asked -> !asked.equals(uuid)).isEmpty())
                .isPresent());
        return new InspectVolume.Result(
                guest, guest, Answer.of(held.contains(key)), "looked",
                Optional.of(new InspectVolume.Definitions(Answer.YES, guest, guest)));
    }

    private HostInventory.Result inventory(String host, HostInventory question) {
        inventories.incrementAndGet();
        if (gated > 0 && question.after().isEmpty()) {
            asked.release();
            acquire(gate, 1);
        }
        speak(host);
        List<String> names = Stream.concat(held.stream(), guests.keySet().stream())
                .filter(key -> key.startsWith(host + " "))
                .map(SimulatedStorage::name)
                .filter(name -> question.after().filter(last -> name.compareTo(last) <= 0).isEmpty())
                .distinct()
                .sorted()
                .toList();
        List<String> page = names.stream().limit(PAGE).toList();
        return new HostInventory.Result(
                Stream.concat(
                        held.stream()
                                .filter(key -> key.startsWith(host + " ") && page.contains(name(key)))
                                .map(key -> new HostInventory.Held("rbd", name(key), Answer.YES, "mapped")),
                        guests.entrySet()
                                .stream()
                                .filter(one -> one.getKey().startsWith(host + " ") && page.contains(name(one.getKey())))
                                .map(one -> new HostInventory.Held(
                                        HostInventory.Held.GUEST, name(one.getKey()), Answer.YES, "vdb",
                                        Optional.of(new HostInventory.GuestUse(
                                                one.getValue(), Answer.YES, Answer.YES, Answer.YES)))))
                        .toList(),
                names.size() > PAGE ? Optional.of(page.getLast()) : Optional.empty(),
                List.of(),
                Optional.of(Answer.YES));
    }

    private Endpoint manager(String backend) {
        return Endpoint.of(VolumeRpc.NAMESPACE, 1, 1)
                .method(DescribeConnections.METHOD, DescribeConnections.class, (_, question) -> {
                    questions.incrementAndGet();
                    return new DescribeConnections.Result(
                            true, "simulated", connections(question.volume().orElseThrow().id()), Optional.empty(),
                            StoredVolume.PLAIN);
                })
                .method(BackendInventory.METHOD, BackendInventory.class,
                        (_, question) -> inventory(backend, question))
                .timed(ResetStatus.METHOD, ResetStatus.class, this::reset)
                .build();
    }

    /** As a call, or as a step that was cast. */
    private Object reset(RequestContext context, ResetStatus args, Deadline deadline) {
        String volume = args.volume().orElseThrow().id();
        if (args.reportTo().isEmpty()) {
            return takeDown(volume);
        }
        steps.run(context, args.reportTo().get(), deadline, admission -> {
            admission.require();
            return StepResult.done(JsonText.map(JsonText.of(takeDown(volume))));
        });
        return null;
    }

    private ResetStatus.Result takeDown(String volume) {
        resets.add(volume);
        exports.remove(volume);
        return new ResetStatus.Result(ResetStatus.Outcome.PROVED, "simulated", "taken down", List.of());
    }

    private BackendInventory.Result inventory(String backend, BackendInventory question) {
        inventories.incrementAndGet();
        speak(backend);
        List<String> names = stored.stream()
                .filter(key -> key.startsWith(backend + " "))
                .map(SimulatedStorage::name)
                .filter(name -> question.after().filter(last -> name.compareTo(last) <= 0).isEmpty())
                .sorted()
                .toList();
        List<BackendInventory.Stored> page = new ArrayList<>();
        names.stream()
                .limit(PAGE)
                .forEach(name -> page.add(new BackendInventory.Stored(
                        name, Answer.YES, connections(name.substring("volume-".length())), Optional.empty(),
                        StoredVolume.PLAIN)));
        return new BackendInventory.Result(
                true, "simulated", page,
                names.size() > PAGE ? Optional.of(page.getLast().name()) : Optional.empty());
    }

    private List<BackendConnection> connections(String volume) {
        return Stream.concat(
                Optional.ofNullable(exports.get(volume))
                        .map(host -> new BackendConnection(
                                Optional.empty(), Optional.of(host), Answer.YES, Answer.NO, "let in"))
                        .stream(),
                Optional.ofNullable(users.get(volume))
                        .map(used -> new BackendConnection(Optional.empty(), Optional.empty(), used, used, "seen"))
                        .stream())
                .toList();
    }

    private static String name(String key) {
        return "volume-" + key.substring(key.indexOf(' ') + 1);
    }

    @Override
    public void close() {
        gate.release(Integer.MAX_VALUE / 2);
        steps.stop();
        servers.forEach(RpcServer::stop);
    }
}
