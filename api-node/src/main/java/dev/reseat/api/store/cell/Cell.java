package dev.reseat.api.store.cell;

import static java.util.Objects.requireNonNull;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One of Nova's cells: where its rows are, and which broker its hosts are on. Thread-safe. */
public final class Cell {
    private final String uuid;
    private final String name;
    private final Optional<String> transportUrl;
    private final Supplier<Connections> database;
    /** Why it did not answer the last time. */
    private volatile Optional<StoreException> silence = Optional.empty();

    /** @param database may throw {@link StoreException} */
    Cell(String uuid, String name, Optional<String> transportUrl, Supplier<Connections> database) {
        this.uuid = requireNonNull(uuid, "uuid is null");
        this.name = requireNonNull(name, "name is null");
        this.transportUrl = requireNonNull(transportUrl, "transportUrl is null");
        this.database = requireNonNull(database, "database is null");
    }

    String uuid() {
        return uuid;
    }

    /** For operators. */
    public String name() {
        return name;
    }

    /** A secret; empty if the cell has no broker, or where there is one cell: then it is the one of this process. */
    public Optional<String> transportUrl() {
        return transportUrl;
    }

    /** As {@link Connections#transaction}, in this cell's database. */
    public <T> T transaction(Function<Transaction, T> work) {
        try {
            T result = database.get().transaction(work);
            silence = Optional.empty();
            return result;
        } catch (StoreException.Unavailable failure) {
            silence = Optional.of(failure);
            throw failure;
        }
    }

    /** The same for work without a result. */
    public void run(Consumer<Transaction> work) {
        transaction(tx -> {
            work.accept(tx);
            return null;
        });
    }

    Optional<StoreException> silence() {
        return silence;
    }

    void isSilent(StoreException why) {
        silence = Optional.of(why);
    }

    @Override
    public String toString() {
        return name;
    }
}
