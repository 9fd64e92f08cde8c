package dev.reseat.api.service.diagnosis;

import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * What hosts and backends say in their inventories: each is asked once, when it is first needed, so many at a time.
 * Whoever does not answer is silent, and nothing is known of what it has. Keeps what is held and what is stored, and
 * nothing of what is not connected. Thread-safe.
 */
public final class InventoryReading {
    private static final int AT_ONCE = 64;
    /** As long as any single answer of a host or a backend. */
    private static final Duration FRESH = Duration.ofSeconds(30);

    private final RequestContext context;
    private final ComputeClient computes;
    private final VolumeClient volumes;
    private final InstantSource clock;
    private final Instant at;
    private final Map<String, HostHoldings> hosts = new ConcurrentHashMap<>();
    /** By the id that a volume is stored under. */
    private final Map<String, Set<String>> holders = new ConcurrentHashMap<>();
    private final Map<List<String>, BackendHoldings> backends = new ConcurrentHashMap<>();
    private final Map<String, String> silentCells = new ConcurrentHashMap<>();
    private final Semaphore asking = new Semaphore(AT_ONCE);

    InventoryReading(RequestContext context, ComputeClient computes, VolumeClient volumes, InstantSource clock) {
        this.context = context;
        this.computes = computes;
        this.volumes = volumes;
        this.clock = clock;
        this.at = clock.instant();
    }

    /** No answer is older. */
    Instant at() {
        return at;
    }

    /** Whether what it says may still be relied on. */
    public boolean isFresh() {
        return clock.instant().isBefore(at.plus(FRESH));
    }

    /**
     * Returns when all of them have been asked, or at the deadline: whose answer was cut short by it is asked again by
     * who asks next.
     */
    public void askHosts(Collection<String> names, Deadline deadline) {
        SideBySide.all(missing(names, hosts), name -> inTurn(deadline, () -> {
            HostHoldings said = host(name, deadline);
            if (said.silence().isEmpty() || !deadline.isOver()) {
                keep(name, said);
            }
        }));
    }

    private void keep(String name, HostHoldings said) {
        Stream.concat(said.held().keySet().stream(), said.disks().keySet().stream())
                .forEach(id -> holders.computeIfAbsent(id, _ -> ConcurrentHashMap.newKeySet()).add(name));
        hosts.put(name, said);
    }

    /** The same of backends, each named by its services. */
    public void askBackends(Collection<List<String>> services, Deadline deadline) {
        SideBySide.all(missing(services, backends), name -> inTurn(deadline, () -> {
            BackendHoldings said = backend(name, deadline);
            if (said.silence().isEmpty() || !deadline.isOver()) {
                backends.put(name, said);
            }
        }));
    }

    private static <K> List<K> missing(Collection<K> names, Map<K, ?> known) {
        return names.stream().distinct().filter(name -> !known.containsKey(name)).toList();
    }

    /** Names of those that were asked and said nothing, each with the reason. */
    public Map<String, String> silentHosts() {
        Map<String, String> silent = new ConcurrentHashMap<>();
        hosts.forEach((name, held) -> held.silence().ifPresent(why -> silent.put(name, why)));
        return silent;
    }

    /** The same of backends, by the service that is asked first. */
    public Map<String, String> silentBackends() {
        Map<String, String> silent = new ConcurrentHashMap<>();
        backends.forEach((name, kept) -> kept.silence()
                .ifPresent(why -> silent.put(name.stream().findFirst().orElse("-"), why.detail())));
        return silent;
    }

    /** Whether that host, or the backend of that service, was asked and has answered. */
    public boolean hasAnswered(String place) {
        return Optional.ofNullable(hosts.get(place)).filter(held -> held.silence().isEmpty()).isPresent()
                || backends.entrySet()
                        .stream()
                        .anyMatch(entry -> entry.getKey().contains(place)
                                && entry.getValue().silence().isEmpty());
    }

    /** A cell's rows could not be read: what they say of volumes without a row, and its hosts, is unknown. */
    public void missCell(String name, String why) {
        silentCells.put(name, why);
    }

    /** Names of those cells, each with the reason. */
    public Map<String, String> silentCells() {
        return Map.copyOf(silentCells);
    }

    /** Whether there is such a cell. */
    public boolean lacksCells() {
        return !silentCells.isEmpty();
    }

    public int hostsAsked() {
        return hosts.size();
    }

    public int backendsAsked() {
        return backends.size();
    }

    /** Of a host that was asked. */
    HostHoldings heldBy(String name) {
        return hosts.getOrDefault(name, HostHoldings.silent("it was not asked in time"));
    }

    /** Of a backend that was asked. */
    BackendHoldings keptBy(List<String> services) {
        return backends.getOrDefault(services, BackendHoldings.silent(
                services.isEmpty()
                        ? new BackendAnswer.Absent("the volume is on no host")
                        : new BackendAnswer.Silent("its volume service was not asked in time")));
    }

    /** Hosts that name something of that volume. */
    Set<String> holders(String storedId) {
        return holders.getOrDefault(storedId, Set.of());
    }

    /** Backends that show somebody at that volume, by the service that is asked first. */
    List<String> exporters(String storedId) {
        return backends.entrySet()
                .stream()
                .filter(entry -> !entry.getValue().connections(storedId).isEmpty())
                .map(entry -> entry.getKey().getFirst())
                .sorted()
                .toList();
    }

    /** What all of them show of that volume, where no row says which of them keeps it. */
    BackendAnswer keptByAll(String storedId) {
        return new BackendAnswer.Described(new DescribeConnections.Result(
                true, "inventories",
                backends.values().stream().flatMap(kept -> kept.connections(storedId).stream()).toList()));
    }

    /** Whether anybody has anything of that volume, as far as was asked. */
    boolean names(String storedId) {
        return holders.containsKey(storedId)
                || backends.values().stream().anyMatch(kept -> !kept.connections(storedId).isEmpty());
    }

    /** Ids of all that anybody holds, has in a guest, lets in or is used; each once. */
    Stream<String> ids() {
        return Stream.concat(
                holders.keySet().stream(), backends.values().stream().flatMap(BackendHoldings::connected)).distinct();
    }

    /** Those before it end by the deadline too. @return whether its turn came in time */
    private boolean inTurn(Deadline deadline, Runnable question) {
        asking.acquireUninterruptibly();
        try {
            boolean inTime = !deadline.isOver();
            if (inTime) {
                question.run();
            }
            return inTime;
        } finally {
            asking.release();
        }
    }

    private HostHoldings host(String name, Deadline deadline) {
        List<HostInventory.Result> pages = new ArrayList<>();
        try {
            Optional<String> after = Optional.empty();
            do {
                HostInventory.Result page = computes.inventory(
                        context, name, new HostInventory(after, HostInventory.MOST), computes.probing(deadline))
                        .orThrow();
                pages.add(page);
                after = onwards(after, page.next());
            } while (after.isPresent());
            return HostHoldings.of(pages);
        } catch (RpcException.RemoteFailure e) {
            return HostHoldings.silent(
                    e.notOffered() ? "its compute service does not offer inventory" : "it failed: " + e.getMessage());
        } catch (RpcException e) {
            return HostHoldings.silent("no answer: " + e.getMessage());
        }
    }

    private BackendHoldings backend(List<String> services, Deadline deadline) {
        String service = "The volume service of " + services.stream().findFirst().orElse("no host");
        List<BackendInventory.Result> pages = new ArrayList<>();
        try {
            Optional<String> after = Optional.empty();
            do {
                Performed<BackendInventory.Result> page = volumes.inventory(
                        context, services, new BackendInventory(after, BackendInventory.MOST),
                        computes.probing(deadline));
                pages.add(page.orThrow());
                after = onwards(after, pages.getLast().next());
            } while (after.isPresent());
            return BackendHoldings.of(pages);
        } catch (RpcException.RemoteFailure e) {
            return BackendHoldings.silent(e.notOffered()
                    ? new BackendAnswer.NotOffered(service + " does not offer " + BackendInventory.METHOD)
                    : new BackendAnswer.Silent(service + " failed: " + e.getMessage()));
        } catch (RpcException.NotDelivered | RpcException.VersionCapExceeded e) {
            return BackendHoldings.silent(
                    new BackendAnswer.Absent(service + " cannot be reached: " + e.getMessage()));
        } catch (RpcException e) {
            return BackendHoldings.silent(new BackendAnswer.Silent(service + " did not answer: " + e.getMessage()));
        }
    }

    /** A page that leads back would be asked for without end, and the rest of the list is not known. */
    private static Optional<String> onwards(Optional<String> after, Optional<String> next) {
        if (next.isPresent() && after.filter(last -> last.compareTo(next.get()) >= 0).isPresent()) {
            throw new RpcException.OutcomeUnknown("its inventory goes round in a circle at " + next.get());
        }
        return next;
    }
}
