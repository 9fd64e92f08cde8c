package dev.reseat.systemtest;

import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Dialect;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/**
 * The databases of a real OpenStack on a server of their own, with the tables that OpenStack's own programs make. These
 * take their time, so they are made once for each kind of server, and a copy of its files is left in {@code target} for
 * all later ones.
 */
final class OpenStackDatabases implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("cinder", "nova", "nova_cell0", "nova_api", "placement", "keystone");
    private static final Path TEMPLATES =
            Path.of(System.getProperty("basedir", ""), "target", "clouds").toAbsolutePath();

    private final OpenStackServer server;

    private OpenStackDatabases(OpenStackServer server) {
        this.server = server;
    }

    /** On PostgreSQL. */
    static OpenStackDatabases open(Path directory, Preparation settings) throws IOException {
        return open(Dialect.POSTGRESQL, directory, settings);
    }

    /**
     * On that kind of server.
     *
     * @param directory for the data
     * @param settings writes settings files that name these databases
     */
    static OpenStackDatabases open(Dialect dialect, Path directory, Preparation settings) throws IOException {
        String kind = dialect.name().toLowerCase(Locale.ROOT);
        Path home = directory.resolve(kind);
        makeOnce(dialect, TEMPLATES.resolve("openstack-" + kind + "-" + version()), home, directory, settings);
        OpenStackDatabases databases = new OpenStackDatabases(OpenStackServer.start(dialect, home));
        try {
            settings.write(databases);
            databases.placeCells(settings.transportUrl());
            databases.placeCatalog(settings.catalog());
            return databases;
        } catch (IOException | RuntimeException e) {
            databases.close();
            throw e;
        }
    }

    /** Leaves files at home with all tables: a copy, or if nobody has made them yet the first; others wait for it. */
    private static void makeOnce(Dialect dialect, Path template, Path home, Path directory, Preparation settings)
            throws IOException {
        Files.createDirectories(TEMPLATES);
        Path guard = template.resolveSibling(template.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(guard, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (!Files.isDirectory(template)) {
                OpenStackDatabases first = new OpenStackDatabases(OpenStackServer.start(dialect, home));
                try {
                    settings.write(first);
                    first.make(directory);
                } finally {
                    first.server.stop();
                }
                Path fresh = template.resolveSibling(template.getFileName() + "." + UUID.randomUUID());
                copy(home, fresh);
                Files.move(fresh, template);
                return;
            }
        }
        copy(template, home);
    }

    /** What has to be known before tables can be made. */
    interface Preparation {
        void write(OpenStackDatabases databases) throws IOException;

        String transportUrl();

        /** Addresses by type of service; {@code $(project_id)s} stands for the project. */
        default Map<String, String> catalog() {
            return Map.of();
        }
    }

    DatabaseUrl url(String name) {
        return server.url(name);
    }

    /** In the words of their settings. */
    String connection(String name) {
        return server.connection(name);
    }

    /** The same for our api-node, with no more rights than {@link InstallPage} gives it. */
    String ourConnection(String name) {
        return server.connection(InstallPage.ACCOUNT + ":" + InstallPage.PASSWORD, name);
    }

    Jdbi sql(String name) {
        return Jdbi.create(url(name).dataSource());
    }

    /** A table of one row that takes a moment to read. */
    String pause() {
        return server.pause();
    }

    private void make(Path directory) throws IOException {
        sql(server.ownDatabase())
                .useHandle(handle -> NAMES.forEach(name -> handle.execute("CREATE DATABASE " + name)));
        CompletableFuture<Void> cinder = sync("cinder-manage", directory.resolve("cinder.conf"), "db", "sync");
        CompletableFuture<Void> nova = sync("nova-manage", directory.resolve("nova.conf"), "api_db", "sync");
        Path keystoneMade = directory.resolve("keystone-made.conf");
        Path keys = directory.resolve("keys-made"); // what a package has made is not for everybody to read
        FernetKeys.in(keys);
        Files.writeString(keystoneMade, """
                [DEFAULT]
                log_file =
                [database]
                connection = %1$s
                [fernet_tokens]
                key_repository = %2$s
                [fernet_receipts]
                key_repository = %2$s
                [credential]
                key_repository = %2$s
                """.formatted(connection("keystone"), keys));
        CompletableFuture<Void> keystone = sync("keystone-manage", keystoneMade, "db_sync");
        nova.join();
        placeCells("rabbit://");
        sync("nova-manage", directory.resolve("nova.conf"), "db", "sync").join();
        keystone.join();
        sync("keystone-manage", keystoneMade, "bootstrap", "--bootstrap-password",
                OpenStackSettings.PASSWORD, "--bootstrap-public-url", "http://127.0.0.1/v3",
                "--bootstrap-region-id", "RegionOne").join();
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

    /** As {@code openstack endpoint create} writes it. */
    private void placeCatalog(Map<String, String> catalog) {
        sql("keystone").useHandle(handle -> {
            handle.execute("DELETE FROM endpoint");
            handle.execute("DELETE FROM service");
            catalog.forEach((type, url) -> {
                String service = UUID.randomUUID().toString().replace("-", "");
                handle.execute("INSERT INTO service (id, type, enabled, extra) VALUES (?, ?, true, ?)", service, type,
                        "{\"name\": \"" + type + "\"}");
                for (String side : List.of("public", "internal")) {
                    handle.execute("INSERT INTO endpoint (id, interface, service_id, url, extra, enabled, region_id)"
                            + " VALUES (?, ?, ?, ?, '{}', true, 'RegionOne')",
                            UUID.randomUUID().toString().replace("-", ""), side, service, url);
                }
            });
        });
    }

    private static void copy(Path from, Path to) {
        Program.run("cp", "-a", from.toString(), to.toString()).assertSucceeded();
    }

    private static String version() {
        Program installed =
                Program.run("dpkg-query", "-W", "-f", "${Version} ", "cinder-common", "nova-common", "keystone");
        installed.assertSucceeded();
        return installed.out().strip().replaceAll("[^0-9A-Za-z.]+", "-");
    }

    @Override
    public void close() {
        server.stop();
    }
}
