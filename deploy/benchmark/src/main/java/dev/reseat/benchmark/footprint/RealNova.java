package dev.reseat.benchmark.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What a real nova-compute needs to start: tables, a conductor, placement. Its hypervisor is Nova's own fake. */
final class RealNova implements AutoCloseable {
    private static final Path BIN = Path.of("/usr/bin");
    private static final long SYNC_MINUTES = 5;
    private static final List<String> DATABASES =
            List.of("real_nova", "real_nova_api", "real_nova_cell0", "real_placement");

    private final FootprintCloud cloud;
    private final Path directory;
    private final List<MeasuredProcess> services = new ArrayList<>();

    private RealNova(FootprintCloud cloud, Path directory) {
        this.cloud = cloud;
        this.directory = directory;
    }

    static boolean isInstalled() throws IOException, InterruptedException {
        return Files.isExecutable(BIN.resolve("nova-manage")) && Files.isExecutable(BIN.resolve("nova-conductor"))
                && PythonScript.imports("nova.cmd.compute, placement.wsgi, psycopg2");
    }

    /** Takes a minute. */
    static RealNova start(FootprintCloud cloud) throws IOException, InterruptedException {
        Path directory =
                Files.createDirectories(cloud.directory().resolve("nova/state/instances")).getParent().getParent();
        var nova = new RealNova(cloud, directory);
        try {
            nova.begin();
            return nova;
        } catch (IOException | InterruptedException | RuntimeException e) {
            nova.close();
            throw e;
        }
    }

    private void begin() throws IOException, InterruptedException {
        DATABASES.forEach(name -> cloud.execute("postgres", "CREATE DATABASE " + name));
        int placementPort = FootprintCloud.freePort();
        Files.writeString(directory.resolve("placement.conf"), placementSettings());
        Files.writeString(settings(), novaSettings(placementPort));
        manage("api_db", "sync");
        place("cell0", new UUID(0, 0), "none:///", "real_nova_cell0");
        place("cell1", UUID.randomUUID(), cloud.transportUrl(), "real_nova");
        manage("db", "sync");
        service("placement", PythonScript.command(directory, "placement_api.py", "" + placementPort),
                Map.of("OS_PLACEMENT_CONFIG_DIR", directory.toString()));
        service("nova-conductor",
                List.of(BIN.resolve("nova-conductor").toString(), "--config-file", settings().toString()), Map.of());
        services.getFirst().awaitReady(() -> FootprintCloud.isListened(placementPort));
        services.getLast().awaitReady(() -> cloud.consumers().has("conductor"));
    }

    private String placementSettings() {
        return """
                [api]
                auth_strategy = noauth2
                [placement_database]
                connection = %s
                sync_on_startup = true
                """.formatted(connection("real_placement"));
    }

    private String novaSettings(int placementPort) {
        return """
                [DEFAULT]
                transport_url = %s
                host = nova-1
                my_ip = 127.0.0.1
                state_path = %s
                instances_path = %s
                compute_driver = fake.FakeDriver
                [database]
                connection = %s
                [api_database]
                connection = %s
                [oslo_concurrency]
                lock_path = %s
                [conductor]
                workers = 1
                [placement]
                auth_type = admin_token
                token = admin
                endpoint = http://127.0.0.1:%d
                endpoint_override = http://127.0.0.1:%d
                [vnc]
                enabled = false
                """.formatted(cloud.transportUrl(), directory.resolve("state"), directory.resolve("state/instances"),
                connection("real_nova"), connection("real_nova_api"), directory, placementPort, placementPort);
    }

    private void place(String name, UUID uuid, String transport, String database) {
        cloud.execute("real_nova_api", "INSERT INTO cell_mappings (created_at, uuid, name, transport_url,"
                + " database_connection, disabled) VALUES (now(), ?, ?, ?, ?, false)", uuid.toString(), name, transport,
                connection(database));
    }

    private String connection(String database) {
        return cloud.url(database).replaceFirst("^postgresql:", "postgresql+psycopg2:");
    }

    private Path settings() {
        return directory.resolve("nova.conf");
    }

    private void manage(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(BIN.resolve("nova-manage").toString(), "--config-file", settings().toString()));
        command.addAll(List.of(words));
        Path log = directory.resolve("manage.log");
        Process sync = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!sync.waitFor(SYNC_MINUTES, TimeUnit.MINUTES) || sync.exitValue() != 0) {
            sync.destroyForcibly();
            throw new IllegalStateException("nova-manage failed: " + Files.readString(log));
        }
    }

    private void service(String name, List<String> command, Map<String, String> environment) throws IOException {
        services.add(MeasuredProcess.exec(name, command, environment, directory.resolve(name + ".log")));
    }

    /** To be started by who measures it. */
    Contestant compute() throws IOException {
        return new Contestant("nova-compute", Optional.empty(),
                PythonScript.command(directory, "nova_compute.py", "--config-file", settings().toString()), Map.of(),
                directory.resolve("nova-compute.log"), () -> cloud.consumers().has("compute.nova-1"), Optional.empty());
    }

    @Override
    public void close() {
        services.forEach(MeasuredProcess::close);
    }
}
