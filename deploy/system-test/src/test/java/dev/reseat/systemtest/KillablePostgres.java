package dev.reseat.systemtest;

import dev.reseat.api.store.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL that a test kills and starts again, at the same place; it keeps what it has committed. */
final class KillablePostgres implements AutoCloseable {
    private final Path data;
    private final int port;
    private EmbeddedPostgres server;

    private KillablePostgres(Path data, int port) {
        this.data = data;
        this.port = port;
    }

    static KillablePostgres start(Path directory, int port) throws IOException {
        var postgres = new KillablePostgres(directory.resolve("postgres"), port);
        postgres.start();
        return postgres;
    }

    /** Returns when it takes connections. */
    void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setPort(port)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "300")
                .setServerConfig("fsync", "off") // the machine stays up: what is written is there
                .setServerConfig("synchronous_commit", "on") // the library's is off: killed, it would forget
                .start();
    }

    /** {@code kill -9} of the server and all who work for it; returns when they are gone. */
    void kill() throws IOException {
        long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
        List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit().join());
        server.close(); // it is gone already: this frees what the library keeps
    }

    DatabaseUrl url() {
        return DatabaseUrl.parse("postgresql://postgres@127.0.0.1:" + port + "/postgres");
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
