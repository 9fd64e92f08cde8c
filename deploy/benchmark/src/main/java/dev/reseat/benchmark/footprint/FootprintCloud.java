package dev.reseat.benchmark.footprint;

import dev.reseat.benchmark.Scratch;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A broker, a PostgreSQL, and settings for one of each service; all private. Services are started by others. */
final class FootprintCloud implements AutoCloseable {
    static final String HOST = "cmp-1";
    static final String BACKEND = "stor-1@file";
    static final String API_NODE = "api-1";
    static final String PROJECT = "7c1d0000000000000000000000000001";
    static final String USER = "5e2a0000000000000000000000000002";
    private static final long GIB = 1L << 30;

    private final Scratch scratch;
    private final EmbeddedPostgres database;
    private final Consumers consumers;
    private final int restPort;
    private final Map<InstalledService, Integer> monitorPorts = new EnumMap<>(InstalledService.class);
    private final Path volumes;

    private FootprintCloud(Scratch scratch, EmbeddedPostgres database, Consumers consumers) throws IOException {
        this.scratch = scratch;
        this.database = database;
        this.consumers = consumers;
        this.restPort = freePort();
        for (InstalledService service : InstalledService.values()) {
            monitorPorts.put(service, freePort());
        }
        this.volumes = Files.createDirectories(scratch.directory().resolve("volumes"));
    }

    /** @param server as from {@code PrivateRabbitNode.installedServer} */
    static FootprintCloud start(Path server) throws IOException {
        Scratch scratch = Scratch.launch(server);
        try {
            Consumers consumers = Consumers.at(scratch.node().transportUrl()); // ends with the broker
            EmbeddedPostgres database =
                    EmbeddedPostgres.builder().setServerConfig("listen_addresses", "127.0.0.1").start();
            var cloud = new FootprintCloud(scratch, database, consumers);
            cloud.execute("postgres", "CREATE DATABASE cinder");
            cloud.execute("postgres", "CREATE DATABASE nova");
            return cloud;
        } catch (IOException | RuntimeException e) {
            scratch.close();
            throw e;
        }
    }

    String transportUrl() {
        return scratch.node().transportUrl();
    }

    Path directory() {
        return scratch.directory();
    }

    Consumers consumers() {
        return consumers;
    }

    String restUrl() {
        return "http://127.0.0.1:" + restPort;
    }

    String monitorUrl(InstalledService service) {
        return "http://127.0.0.1:" + monitorPorts.get(service);
    }

    /** Whether others can reach it: its last door is open. */
    boolean isReady(InstalledService service) {
        return switch (service) {
            case AGENT, VOLUME_MANAGER -> consumers.has(service.server().routingKey());
            case API_NODE -> isListened(restPort);
        };
    }

    static boolean isListened(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    /** A file of settings for one process of that kind. */
    Path settings(InstalledService service) throws IOException {
        String own = switch (service) {
            case AGENT -> agent();
            case VOLUME_MANAGER -> volumeManager();
            case API_NODE -> apiNode();
        };
        return Files.writeString(directory().resolve(service.program() + ".conf"), own + """
                [monitor]
                port = %d
                """.formatted(monitorPorts.get(service)));
    }

    private String agent() {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                state_path = %s
                compute_driver = none
                rpc_ping_enabled = true
                [cinder]
                auth_type = noauth
                username = nova
                project_id = %s
                endpoint_template = %s/v3/%%(project_id)s
                [local]
                use_loop = false
                volumes_dirs = %s
                users_share_namespace = true
                """.formatted(transportUrl(), HOST, directory().resolve("agent"), PROJECT, restUrl(), volumes);
    }

    private String volumeManager() {
        return """
                [DEFAULT]
                transport_url = %s
                host = stor-1
                enabled_backends = file
                rpc_ping_enabled = true
                [file]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                """.formatted(transportUrl(), volumes);
    }

    private String apiNode() {
        return """
                [DEFAULT]
                transport_url = %s
                host = %s
                auth_strategy = noauth
                rpc_ping_enabled = true
                [api]
                listen = 127.0.0.1
                port = %d
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [reseat]
                create_openstack_tables = true
                """.formatted(transportUrl(), API_NODE, restPort, url("cinder"), url("nova"));
    }

    String url(String name) {
        return "postgresql://postgres@127.0.0.1:" + database.getPort() + "/" + name;
    }

    /** The file of a volume, a gibibyte that takes no room. */
    Path volumeFile(String volume) throws IOException {
        Path file = volumes.resolve("volume-" + volume);
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(GIB);
        }
        return file;
    }

    void execute(String name, String sql, Object... values) {
        try (Connection connection = database.getDatabase("postgres", name).getConnection()) {
            if (values.length == 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.execute(sql);
                }
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 1, values[i]);
                }
                statement.execute();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        List<Exception> failures = new ArrayList<>();
        for (AutoCloseable part : List.<AutoCloseable>of(consumers, database, scratch)) {
            try {
                part.close();
            } catch (Exception e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw new IOException("not all of it is gone: " + failures, failures.getFirst());
        }
    }
}
