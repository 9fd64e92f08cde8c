package dev.reseat.testing;

import dev.reseat.api.store.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A PostgreSQL of one test's own, which stops and comes back with what it had committed, on the same port. */
public final class RestartableDatabase implements AutoCloseable {
    private final Path directory;
    private EmbeddedPostgres postgres;
    private final int port;

    private RestartableDatabase(Path directory) {
        this.directory = directory;
        this.postgres = launch(0);
        this.port = postgres.getPort();
    }

    /** @param directory an empty folder for its data, which the test deletes */
    public static RestartableDatabase in(Path directory) {
        return new RestartableDatabase(directory);
    }

    public DatabaseUrl url() {
        return DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + port + "/postgres");
    }

    /** Ends every session, whatever it does; nobody can connect after that. */
    public void stop() {
        try {
            postgres.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Returns when it can be connected to. */
    public void start() {
        postgres = launch(port);
    }

    private EmbeddedPostgres launch(int onPort) {
        try {
            var builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory.resolve("data"))
                    .setCleanDataDirectory(false)
                    .setServerConfig("listen_addresses", "127.0.0.1");
            return (onPort == 0 ? builder : builder.setPort(onPort)).start();
        } catch (IOException failure) {
            throw new UncheckedIOException("PostgreSQL could not be started", failure);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
