package dev.reseat.api;

import dev.reseat.api.remote.AllBrokers;
import dev.reseat.api.remote.ComputeBrokers;
import dev.reseat.api.store.cell.Cell;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The brokers of Nova's cells: each cell's hosts are reached over its own, and find there what they ask of an api-node.
 * Cells that share a broker share its connections, and with this process's own broker none are made. A broker that is
 * down is waited for by nobody else: it is knocked at, and until it answers nothing is sent there. Thread-safe.
 */
final class ApiNodeBrokers implements Service, ComputeBrokers, AllBrokers {
    private static final System.Logger LOG = System.getLogger(ApiNodeBrokers.class.getName());

    private static final Duration ENDING = Duration.ofSeconds(1);
    private static final Duration KNOCKING = Duration.ofSeconds(5);

    private final Rpc own;
    private final Place ownPlace;
    private final Cells cells;
    private final Duration interval;
    private final Function<TransportUrl, Rpc> connect;
    // set before the start
    private Function<Rpc, List<Service>> servers = _ -> List.of();
    // guarded by this
    private final Map<Place, Connected> connected = new HashMap<>();
    private volatile Map<Cell, Way> byCell = Map.of();
    private final Thread watch = Thread.ofVirtual().name("brokers of cells").unstarted(this::watch);

    /** A virtual host of a broker, whoever logs in. */
    private record Place(Set<String> addresses, String virtualHost) {
        static Place of(TransportUrl url) {
            return new Place(
                    url.hosts().stream().map(TransportUrl.Host::address).collect(Collectors.toSet()),
                    url.virtualHost());
        }
    }

    /**
     * @param interval between two knocks at a broker
     * @param connect makes the RPC over another broker
     */
    ApiNodeBrokers(
            Rpc own, TransportUrl ownBroker, Cells cells, Duration interval, Function<TransportUrl, Rpc> connect) {
        this.interval = interval;
        this.own = own;
        this.ownPlace = Place.of(ownBroker);
        this.cells = cells;
        this.connect = connect;
    }

    /** What is to be served on every broker but this process's own; to be said before the start. */
    void serve(Function<Rpc, List<Service>> everywhere) {
        servers = everywhere;
    }

    /** @param silence why its broker did not answer the last time it was knocked at */
    private record Way(Rpc rpc, AtomicReference<Optional<String>> silence) {
        static Way of(Rpc rpc) {
            return new Way(rpc, new AtomicReference<>(Optional.empty()));
        }

        /** Whoever serves there does not matter, an answer does. */
        void knock() {
            try {
                rpc.client().prepare(StateRpc.target()).isServed(KNOCKING);
                silence.set(Optional.empty());
            } catch (RpcException.NotDelivered e) {
                silence.set(Optional.of(e.getMessage()));
            }
        }
    }

    @Override
    public RpcClient of(String host) {
        Optional<Cell> cell = cells.ofHost(host);
        if (cells.isOne() || cell.isEmpty()) {
            return own.client(); // hosts that Nova has not are block storage's
        }
        Way way = Optional.ofNullable(byCell.get(cell.get()))
                .orElseThrow(() -> new RpcException.NotDelivered(
                        "host " + host + " is in cell " + cell.get() + ", whose transport_url cannot be used"));
        way.silence().get().ifPresent(why -> {
            throw new RpcException.NotDelivered("host " + host + " is in cell " + cell.get() + ": " + why);
        });
        return way.rpc().client();
    }

    @Override
    public RpcClient own() {
        return own.client();
    }

    @Override
    public synchronized List<RpcClient> ofCells() {
        return connected.values().stream().map(one -> one.way().rpc().client()).toList();
    }

    /** Returns at once: each broker is connected to when it is there. */
    @Override
    public void start() {
        cells.onChange(this::follow);
        follow(cells.all());
        if (!cells.isOne()) {
            watch.start();
        }
    }

    private void watch() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(interval.toNanos());
                List<Way> ways;
                synchronized (this) {
                    ways = connected.values().stream().map(Connected::way).toList();
                }
                ways.forEach(way -> Thread.ofVirtual().name("knocking").start(way::knock));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A connection is kept while one of its cells names its login; with a changed one it is made anew. */
    private synchronized void follow(Collection<Cell> all) {
        Map<Cell, TransportUrl> urls = new LinkedHashMap<>();
        all.forEach(cell -> url(cell).ifPresent(url -> urls.put(cell, url)));
        List<Connected> gone = new ArrayList<>();
        for (Place place : List.copyOf(connected.keySet())) {
            if (!urls.containsValue(connected.get(place).url())) {
                gone.add(connected.remove(place));
            }
        }
        Map<Cell, Way> now = new LinkedHashMap<>();
        urls.forEach((cell, url) -> {
            Place place = Place.of(url);
            now.put(cell, place.equals(ownPlace)
                    ? Way.of(own)
                    : connected.computeIfAbsent(place, _ -> connect(cell, url)).way());
        });
        byCell = now;
        gone.forEach(Connected::end);
    }

    private static Optional<TransportUrl> url(Cell cell) {
        try {
            return cell.transportUrl().map(TransportUrl::parse);
        } catch (IllegalArgumentException refused) {
            LOG.log(Level.ERROR, "the broker of cell {0} cannot be used: {1}", cell, refused.getMessage());
            return Optional.empty();
        }
    }

    private Connected connect(Cell cell, TransportUrl url) {
        LOG.log(Level.INFO, "hosts of cell {0} are reached over {1}", cell, url);
        Rpc rpc = connect.apply(url);
        ServiceGroup served = new ServiceGroup(servers.apply(rpc));
        return new Connected(url, Way.of(rpc), served,
                Thread.ofVirtual().name("broker of " + cell).start(() -> begin(cell, served)));
    }

    private static void begin(Cell cell, ServiceGroup served) {
        try {
            served.start();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "nothing is served on the broker of cell " + cell, e);
        }
    }

    /** @param starting ends when the servers have started */
    private record Connected(TransportUrl url, Way way, ServiceGroup served, Thread starting) {
        Drained drain(Duration grace) {
            Deadline deadline = Deadline.after(grace);
            return started(deadline.remaining()) ? served.drain(deadline.remaining()) : Drained.FORCED;
        }

        void end() {
            if (started(ENDING)) {
                served.stop();
            }
            way.rpc().stop(); // and with it what has not started yet
        }

        private boolean started(Duration within) {
            try {
                return starting.join(within);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    @Override
    public synchronized Drained drain(Duration grace) {
        Deadline deadline = Deadline.after(grace);
        List<Drained> all = new ArrayList<>();
        connected.values().forEach(one -> all.add(one.drain(deadline.remaining())));
        return all.contains(Drained.FORCED) ? Drained.FORCED : Drained.CLEAN;
    }

    @Override
    public synchronized void stop() {
        watch.interrupt();
        connected.values().forEach(Connected::end);
        connected.clear();
    }
}
