package dev.reseat.systemtest;

import dev.reseat.api.store.DatabaseUrl;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * The databases of a real OpenStack on a PostgreSQL of their own, with the tables that OpenStack's own programs make.
 * These take their time, so the first who made them leaves a copy in {@code target} for the next.
 */
final class OpenStackDatabases implements AutoCloseable {
    private static final List<String> NAMES = List.of("cinder", "nova", "nova_cell0", "nova_api", "placement");

    private final EmbeddedPostgres postgres;

    private OpenStackDatabases(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    /**
     * @param directory for the data
     * @param settings writes settings files that name these databases
     */
    static OpenStackDatabases open(Path directory, Preparation settings) throws IOException {
        Path data = directory.resolve("postgres");
        Path template = directory.resolveSibling("openstack-" + version());
        boolean made = Files.isDirectory(template);
        if (made) {
            copy(template, data);
        }
        OpenStackDatabases databases = start(data);
        try {
            settings.write(databases);
            if (!made) {
                databases.make(directory);
                databases.postgres.close();
                keep(data, template);
                databases = start(data);
                settings.write(databases);
            }
            databases.placeCells(settings.transportUrl());
            return databases;
        } catch (IOException | RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    /** What has to be known before tables can be made. */
    interface Preparation {
        void write(OpenStackDatabases databases) throws IOException;

        String transportUrl();
    }

    DatabaseUrl url(String name) {
        return new DatabaseUrl("127.0.0.1:" + postgres.getPort(), name, Optional.of("postgres"), Optional.empty(),
                Map.of());
    }

    /** In the words of their settings. */
    String connection(String name) {
        return "postgresql+psycopg2://postgres@127.0.0.1:" + postgres.getPort() + "/" + name;
    }

    Jdbi sql(String name) {
        return Jdbi.create(url(name).dataSource());
    }

    private static OpenStackDatabases start(Path data) throws IOException {
        return new OpenStackDatabases(EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("listen_addresses", "127.0.0.1")
                .setServerConfig("max_connections", "300")
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("full_page_writes", "off")
                .start());
    }

    private void make(Path directory) {
        sql("postgres").useHandle(handle -> NAMES.forEach(name -> handle.execute("CREATE DATABASE " + name)));
        CompletableFuture<Void> cinder = sync("cinder-manage", directory.resolve("cinder.conf"), "db", "sync");
        CompletableFuture<Void> nova = sync("nova-manage", directory.resolve("nova.conf"), "api_db", "sync");
        nova.join();
        placeCells("rabbit://");
        sync("nova-manage", directory.resolve("nova.conf"), "db", "sync").join();
        cinder.join();
        sql("cinder").useHandle(handle -> handle.execute("UPDATE quota_classes SET hard_limit = -1"));
    }

    private static CompletableFuture<Void> sync(String program, Path settings, String... words) {
        List<String> command =
                Stream.concat(OpenStackPrograms.command(program, settings).stream(), Stream.of(words)).toList();
        return CompletableFuture.runAsync(
                () -> Program.run(Map.of(), command).assertSucceeded(), task -> Thread.ofVirtual().start(task));
    }

    /** As {@code nova-manage cell_v2 map_cell0} and {@code create_cell} write them; ports differ from run to run. */
    private void placeCells(String transportUrl) {
        sql("nova_api").useHandle(handle -> {
            handle.execute("DELETE FROM cell_mappings");
            String insert = "INSERT INTO cell_mappings (created_at, uuid, name, transport_url, database_connection,"
                    + " disabled) VALUES (now(), ?, ?, ?, ?, false)";
            handle.execute(insert, new UUID(0, 0).toString(), "cell0", "none:///", connection("nova_cell0"));
            handle.execute(insert, UUID.randomUUID().toString(), "cell1", transportUrl, connection("nova"));
        });
    }

    private static void keep(Path data, Path template) throws IOException {
        Path fresh = template.resolveSibling(template.getFileName() + "." + UUID.randomUUID());
        copy(data, fresh);
        try {
            Files.move(fresh, template);
        } catch (FileSystemException anotherWasFaster) {
            if (!Files.isDirectory(template)) {
                throw anotherWasFaster;
            }
            Program.run("rm", "-rf", fresh.toString()).assertSucceeded();
        }
    }

    private static void copy(Path from, Path to) {
        Program.run("cp", "-a", from.toString(), to.toString()).assertSucceeded();
    }

    private static String version() {
        Program installed =
                Program.run("dpkg-query", "-W", "-f", "${Version} ", "cinder-common", "nova-common");
        installed.assertSucceeded();
        return installed.out().strip().replaceAll("[^0-9A-Za-z.]+", "-");
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
