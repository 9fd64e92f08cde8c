package dev.reseat.api.store.cell;

import static java.util.Objects.requireNonNull;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Nova's cells. With an API database, what that says is read at start and again and again: cells may come, go and move.
 * Without one there is one cell, in the database that is configured for Nova, and every instance and host is in it.
 * Thread-safe.
 */
public final class Cells implements Service {
    private static final System.Logger LOG = System.getLogger(Cells.class.getName());
    private static final String ONE = "nova";

    private final Database database;
    private final CellsConfig config;
    private final CellMappingTable table;
    private final CellTemplate databases;
    private final CellTemplate transports;
    private final List<Consumer<Collection<Cell>>> listeners = new CopyOnWriteArrayList<>();
    private final Thread watch = Thread.ofVirtual().name("cells").unstarted(this::watch);
    private volatile Known known = new Known(Map.of(), Map.of(), Map.of());
    private volatile boolean stopping;

    /** @param hosts the uuid of each host's cell */
    private record Known(Map<String, Cell> cells, Map<String, CellMapping> mappings, Map<String, String> hosts) {}

    @Inject
    public Cells(Database database, CellsConfig config, CellMappingTable table) {
        this.database = requireNonNull(database, "database is null");
        this.config = requireNonNull(config, "config is null");
        this.table = requireNonNull(table, "table is null");
        this.databases = CellTemplate.of(config.databaseUrl());
        this.transports = CellTemplate.of(config.transportUrl());
        if (!database.hasApi()) {
            Cell one = new Cell("", ONE, Optional.empty(), database::nova);
            known = new Known(Map.of(one.uuid(), one), Map.of(), Map.of());
        }
    }

    /** The one cell of a database without API database. */
    public static Cells of(Database database) {
        return new Cells(database, CellsConfig.ONE, new CellMappingTable());
    }

    /** Has that told which cells there are whenever one has come, gone or moved, also right after the start. */
    public void onChange(Consumer<Collection<Cell>> listener) {
        listeners.add(listener);
    }

    /** @throws StoreException if the API database cannot be read; a cell that cannot be is no reason */
    @Override
    public void start() {
        if (database.hasApi()) {
            read();
            watch.start();
        }
    }

    @Override
    public void stop() {
        stopping = true;
        watch.interrupt();
    }

    /** All of them, in the order they were made. */
    public Collection<Cell> all() {
        return known.cells().values();
    }

    /**
     * The cell that an instance is in; empty if Nova has no such instance in a cell.
     *
     * @throws StoreException if that cannot be read
     */
    public Optional<Cell> ofInstance(String uuid) {
        return isOne() ? one() : api(tx -> table.ofInstance(tx, uuid)).map(this::named);
    }

    /** Where these instances are, those that are in a cell. @throws StoreException if that cannot be read */
    public Set<Cell> ofInstances(Collection<String> uuids) {
        Set<Cell> cells = new HashSet<>();
        uuids.forEach(uuid -> ofInstance(uuid).ifPresent(cells::add));
        return cells;
    }

    /** The cell that a host is in, as far as is known; empty for a host that Nova has not. */
    public Optional<Cell> ofHost(String host) {
        Known now = known;
        return isOne() ? one() : Optional.ofNullable(now.hosts().get(host)).map(now.cells()::get);
    }

    /** One question to every cell. */
    public <T> Answers<T> everywhere(Function<Transaction, T> work) {
        return everywhere(work, _ -> false);
    }

    /** The same until there is an answer after which the others are not waited for. */
    public <T> Answers<T> everywhere(Function<Transaction, T> work, Predicate<T> enough) {
        return new SeveralCells(all(), config.patience()).ask(work, enough);
    }

    /**
     * Of the silent cells those that may well have mapped a volume: where the instances are that have it by block
     * storage's rows, and if there is none in a cell, where its project has instances.
     *
     * @throws StoreException if that cannot be read
     */
    public List<Answers.Silent> concerning(
            List<Answers.Silent> silent, Collection<String> instances, Optional<String> project) {
        if (silent.isEmpty() || isOne()) {
            return silent;
        }
        Set<Cell> named = ofInstances(instances);
        return named.isEmpty()
                ? possible(silent, project)
                : silent.stream().filter(one -> named.contains(one.cell())).toList();
    }

    /** Of the silent cells those where the project has instances. @throws StoreException if that cannot be read */
    public List<Answers.Silent> possible(List<Answers.Silent> silent, Optional<String> project) {
        if (silent.isEmpty() || isOne() || project.isEmpty()) {
            return silent;
        }
        Set<String> where = api(tx -> table.ofProject(tx, project.get()));
        return silent.stream().filter(one -> where.contains(one.cell().uuid())).toList();
    }

    /** Whether there is no API database, and so but one cell. */
    public boolean isOne() {
        return !database.hasApi();
    }

    /** Asks every cell for a sign of life. */
    public Answers<Boolean> check() {
        return everywhere(tx -> {
            tx.handle().execute("SELECT 1");
            return true;
        });
    }

    private Optional<Cell> one() {
        return Optional.of(known.cells().get(""));
    }

    private <T> T api(Function<Transaction, T> work) {
        return database.api().transaction(work);
    }

    /** One that has come since it was looked is looked for at once. */
    private Cell named(String uuid) {
        Cell cell = known.cells().get(uuid);
        if (cell == null) {
            read();
            cell = known.cells().get(uuid);
        }
        if (cell == null) {
            throw new StoreException.Unavailable("cell " + uuid + " is gone from Nova's cell_mappings", null);
        }
        return cell;
    }

    private void watch() {
        try {
            while (!stopping) {
                TimeUnit.NANOSECONDS.sleep(config.interval().toNanos());
                lookAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookAgain() {
        try {
            read();
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "cells stay as they are known: {0}", e.getMessage());
        } catch (RuntimeException e) { // a listener must not end this
            LOG.log(Level.ERROR, "looking for cells broke", e);
        }
        all().stream().filter(cell -> cell.silence().isPresent()).forEach(this::knock);
    }

    /** In a thread of its own: one that says nothing takes its time. */
    private void knock(Cell cell) {
        Thread.ofVirtual().name("cell " + cell).start(() -> {
            try {
                cell.transaction(tx -> tx.handle().execute("SELECT 1"));
                LOG.log(Level.INFO, "the database of cell {0} answers again", cell);
            } catch (StoreException e) {
                LOG.log(Level.WARNING, "the database of cell {0} does not answer: {1}", cell, e.getMessage());
            }
        });
    }

    private synchronized void read() {
        Known before = known;
        record Rows(List<CellMapping> mappings, Map<String, String> hosts) {}
        Rows rows = api(tx -> new Rows(table.all(tx), table.hosts(tx)));
        if (rows.mappings().isEmpty()) {
            throw new StoreException.Broken("Nova's cell_mappings names no cell");
        }
        Map<String, Cell> cells = new LinkedHashMap<>();
        Map<String, CellMapping> mappings = new LinkedHashMap<>();
        for (CellMapping mapping : rows.mappings()) {
            boolean same = mapping.equals(before.mappings().get(mapping.uuid()));
            cells.put(mapping.uuid(), same ? before.cells().get(mapping.uuid()) : opened(mapping));
            mappings.put(mapping.uuid(), mapping);
        }
        known = new Known(cells, mappings, rows.hosts());
        if (!cells.equals(before.cells())) {
            LOG.log(Level.INFO, "Nova has the cells {0}", cells.values());
            listeners.forEach(listener -> listener.accept(cells.values()));
        }
        before.cells()
                .keySet()
                .stream()
                .filter(uuid -> !cells.containsKey(uuid))
                .forEach(
                        uuid -> database.close(poolName(uuid)));
    }

    private Cell opened(CellMapping mapping) {
        String name = mapping.toString();
        Optional<String> transport = filled(mapping, "transport_url", mapping.transportUrl(), transports)
                .filter(url -> !url.startsWith("none:"));
        Optional<DatabaseUrl> url = filled(
                mapping, "database_connection", mapping.databaseConnection(), databases)
                .flatMap(text -> parsed(mapping, text));
        Optional<Connections> pool =
                url.map(at -> database.open(poolName(mapping.uuid()), "database of cell " + name, at));
        return new Cell(mapping.uuid(), name, transport, () -> pool.orElseThrow(() -> new StoreException.Unavailable(
                "its database_connection in Nova's cell_mappings cannot be used", null)));
    }

    private static Optional<String> filled(
            CellMapping mapping, String column, String text, CellTemplate template) {
        try {
            return Optional.of(template.fill(text));
        } catch (IllegalArgumentException refused) {
            LOG.log(Level.ERROR, "{0} of cell {1} cannot be used: {2}", column, mapping, refused.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<DatabaseUrl> parsed(CellMapping mapping, String text) {
        try {
            return Optional.of(DatabaseUrl.parse(text));
        } catch (IllegalArgumentException refused) {
            LOG.log(Level.ERROR, "database_connection of cell {0} cannot be used: {1}", mapping, refused.getMessage());
            return Optional.empty();
        }
    }

    private static String poolName(String uuid) {
        return "cell-" + uuid;
    }
}
