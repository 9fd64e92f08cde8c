package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/**
 * Cinder and Nova with two cells, as Nova's and Cinder's own programs make their tables: the first cell beside Cinder's
 * database and in another virtual host of its broker, by templates; the second on a database server and a broker of its
 * own. An agent is in each. Rows of instances and mappings are made by Nova's own objects.
 */
final class TwoCells implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int CALL_SECONDS = 20;

    final Cell first;
    final Cell second;
    private final String name = UUID.randomUUID().toString().substring(0, 8);
    private final Path directory =
            Path.of(System.getProperty("basedir", ""), "target", "clouds", "cells-" + name).toAbsolutePath();
    private final int port = LoopbackPorts.reserve();
    private final RabbitBroker broker = RabbitBroker.restartable();
    private final PrivateRabbitNode secondBroker;
    private final OpenStackDatabases databases;
    private final OpenStackDatabases secondDatabases;
    private final ServiceProcess apiNode;
    private final ServiceProcess volumeManager;
    private final Http http;

    /** What belongs to one cell. */
    final class Cell {
        final ServiceProcess agent;
        private final String name;
        private final PythonService nova;
        private final OpenStackDatabases rows;

        private Cell(String name, String transportUrl, OpenStackDatabases rows) {
            this.name = name;
            this.rows = rows;
            this.nova = PythonService.launch("nova-client-" + name, directory, OpenStackPrograms.script(
                    "nova_client.py", directory.resolve("nova.conf").toString(), name));
            this.agent = new ServiceProcess(
                    "reseat-compute-agent", "agent-" + name, directory, agentSettings(transportUrl));
        }

        String host() {
            return "cmp-" + name + "-" + TwoCells.this.name;
        }

        private String ask(String what, Map<String, ?> arguments) throws IOException, InterruptedException {
            Map<String, Object> request = new TreeMap<>(arguments);
            request.put("do", what);
            return JSON.readTree(nova.ask(JSON.writeValueAsString(request))).stringValue();
        }

        /** A volume of a project that a stopped instance of this cell has. */
        Attached attached(String project) throws IOException, InterruptedException {
            String volume = volume(project);
            String instance = ask("instance", Map.of("name", "vm", "host", host(), "user", CloudFixture.USER,
                    "project", project, "vm_state", "stopped"));
            String attachment = attach(volume, instance, host());
            Map<String, Object> info = new LinkedHashMap<>(Map.of(
                    "driver_volume_type", "local",
                    "data", Map.of("device_path", file(volume).toString(), "volume_id", volume),
                    "status", "reserved", "instance", instance, "attached_at", "", "detached_at", "", "volume_id",
                    volume, "serial", volume));
            String mapping = ask("mapping", Map.of("instance", instance, "volume", volume, "attachment", attachment,
                    "device", "/dev/vdb", "connection_info", info));
            return new Attached(volume, instance, attachment, mapping);
        }

        Map<String, Object> mapping(Attached attached) {
            return rows.sql("nova")
                    .withHandle(handle -> handle
                            .select("SELECT * FROM block_device_mapping WHERE uuid = ?", attached.mapping())
                            .mapToMap()
                            .one());
        }

        private String agentSettings(String transportUrl) {
            return """
                    [DEFAULT]
                    transport_url = %s
                    host = %s
                    rpc_response_timeout = %d
                    state_path = %s
                    compute_driver = none
                    [cinder]
                    auth_type = noauth
                    username = nova
                    project_id = %s
                    endpoint_template = http://127.0.0.1:%d/v3/%%(project_id)s
                    [local]
                    use_loop = false
                    volumes_dirs = %s
                    users_share_namespace = true
                    [monitor]
                    port = 0
                    """.formatted(transportUrl, host(), CALL_SECONDS, directory.resolve("agent-" + name),
                    CloudFixture.PROJECT, port, volumes());
        }
    }

    /** Ids. */
    record Attached(String volume, String instance, String attachment, String mapping) {}

    private record Preparation(Path directory, String transportUrl)
            implements OpenStackDatabases.Preparation {
        @Override
        public void write(OpenStackDatabases databases) throws IOException {
            Files.createDirectories(directory.resolve("lock"));
            String common = "[DEFAULT]\ntransport_url = " + transportUrl + "\n[oslo_concurrency]\nlock_path = "
                    + directory.resolve("lock") + "\n[database]\nconnection = ";
            Files.writeString(directory.resolve("cinder.conf"), common + databases.connection("cinder") + "\n");
            Files.writeString(directory.resolve("nova.conf"), common + databases.connection("nova")
                    + "\n[api_database]\nconnection = " + databases.connection("nova_api") + "\n");
        }
    }

    private TwoCells() throws IOException {
        Path other = Files.createDirectories(directory.resolve("second"));
        Files.createDirectories(volumes());
        secondBroker = PrivateRabbitNode.launch(RabbitBroker.serverProgram(), other.resolve("rabbit"));
        String cinderUrl = virtualHost("cinder");
        String firstUrl = virtualHost("cell1");
        databases = OpenStackDatabases.open(directory, new Preparation(directory, cinderUrl));
        secondDatabases = OpenStackDatabases.open(other, new Preparation(other, cinderUrl));
        databases.sql("nova_api").useHandle(this::placeCells);
        apiNode = new ServiceProcess("reseat-api-node", directory, apiNodeSettings(cinderUrl));
        volumeManager = new ServiceProcess("reseat-volume-manager", directory, volumeManagerSettings(cinderUrl));
        http = new Http("http://127.0.0.1:" + port, CloudFixture.USER, CloudFixture.PROJECT);
        first = new Cell("cell1", firstUrl, databases);
        second = new Cell("cell2", secondBroker.transportUrl(), secondDatabases);
        List.of(first, second).forEach(this::mapHost);
    }

    private void mapHost(Cell cell) {
        String insert = "INSERT INTO host_mappings (cell_id, host) SELECT id, ? FROM cell_mappings WHERE name = ?";
        databases.sql("nova_api").useHandle(handle -> handle.execute(insert, cell.host(), cell.name));
    }

    /** All services, up. */
    static TwoCells start() throws IOException, InterruptedException {
        OpenStackPrograms.require();
        TwoCells cells = new TwoCells();
        Program.run(Distribution.program("reseat").toString(), "db", "sync", "--config-file",
                cells.directory.resolve("reseat-api-node.conf").toString()).assertSucceeded();
        List<ServiceProcess> services =
                List.of(cells.apiNode, cells.volumeManager, cells.first.agent, cells.second.agent);
        services.forEach(ServiceProcess::launch);
        for (ServiceProcess service : services) {
            service.awaitStarted();
        }
        return cells;
    }

    private String virtualHost(String of) {
        String virtual = of + "-" + name;
        broker.own().control("add_vhost", virtual);
        broker.own().control("set_permissions", "-p", virtual, "guest", ".*", ".*", ".*");
        return broker.transportUrl().replaceFirst("(://[^/]*)/?.*$", "$1/" + virtual);
    }

    /** The first as templates, of what nova.conf says. */
    private void placeCells(Handle handle) {
        handle.execute("UPDATE cell_mappings SET transport_url = ?, database_connection = ? WHERE name = 'cell1'",
                "{scheme}://{username}:{password}@{hostname}:{port}/cell1-" + name,
                "{scheme}://{username}@{hostname}:{port}/{path}");
        handle.execute(
                "INSERT INTO cell_mappings (created_at, uuid, name, transport_url, database_connection, disabled)"
                        + " VALUES (now(), ?, 'cell2', ?, ?, false)",
                UUID.randomUUID().toString(),
                secondBroker.transportUrl(), secondDatabases.connection("nova"));
    }

    private String apiNodeSettings(String transportUrl) {
        return """
                [DEFAULT]
                transport_url = %s
                host = api-%s
                auth_strategy = noauth
                rpc_response_timeout = %d
                [api]
                port = %d
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [api_database]
                connection = %s
                [reseat]
                reconcile_interval = 1
                cell_interval = 1
                probe_timeout = %d
                [monitor]
                port = 0
                """.formatted(transportUrl, name, CALL_SECONDS, port, databases.connection("cinder"),
                databases.connection("nova"), databases.connection("nova_api"), CALL_SECONDS);
    }

    private String volumeManagerSettings(String transportUrl) {
        return """
                [DEFAULT]
                transport_url = %s
                host = vol-%s
                rpc_response_timeout = %d
                enabled_backends = file
                [file]
                volume_driver = file
                file_volumes_dir = %s
                file_users_share_namespace = true
                [monitor]
                port = 0
                """.formatted(transportUrl, name, CALL_SECONDS, volumes());
    }

    private Path volumes() {
        return directory.resolve("volumes");
    }

    private Path file(String volume) {
        return volumes().resolve("volume-" + volume);
    }

    /** With its file, in use by nobody. */
    String volume(String project) throws IOException {
        String id = UUID.randomUUID().toString();
        try (var file = new RandomAccessFile(file(id).toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        Map<String, Object> row = new LinkedHashMap<>(Map.of("id", id, "user_id", CloudFixture.USER, "project_id",
                project, "host", "vol-" + name + "@file#file", "size", 1, "availability_zone", "nova", "status",
                "available", "attach_status", "detached", "deleted", false));
        row.putAll(Map.of("bootable", false, "multiattach", false, "shared_targets", true, "use_quota", true));
        databases.sql("cinder").useHandle(handle -> {
            row.put("volume_type_id", handle.select("SELECT id FROM volume_types WHERE NOT deleted LIMIT 1")
                    .mapTo(String.class)
                    .one());
            String columns = String.join(", ", row.keySet());
            String values = row.keySet().stream().map(_ -> "?").collect(Collectors.joining(", "));
            handle.execute("INSERT INTO volumes (" + columns + ", created_at) VALUES (" + values + ", now())",
                    row.values().toArray());
        });
        return id;
    }

    private String attach(String volume, String instance, String host) {
        Map<String, Object> connector = Map.of("host", host, "initiator", "iqn.1993-08.org.debian:01:" + volume, "ip",
                "127.0.0.1", "platform", "x86_64", "os_type", "linux", "multipath", false, "mountpoint", "/dev/vdb");
        Http.Answer made = http.post("/v3/" + CloudFixture.PROJECT + "/attachments",
                JSON.writeValueAsString(Map.of("attachment", Map.of(
                        "volume_uuid", volume, "instance_uuid", instance, "connector", connector))));
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        String id = made.json().path("attachment").path("id").stringValue();
        Http.Answer completed = http.post("/v3/attachments/" + id + "/action", "{\"os-complete\": {}}");
        assertThat(completed.status()).as(completed.text()).isEqualTo(204);
        return id;
    }

    Http http() {
        return http;
    }

    PrivateRabbitNode secondBroker() {
        return secondBroker;
    }

    OpenStackDatabases secondDatabases() {
        return secondDatabases;
    }

    Map<String, Object> volumeRow(String id) {
        return databases.sql("cinder")
                .withHandle(handle -> handle.select("SELECT * FROM volumes WHERE id = ?", id).mapToMap().one());
    }

    @Override
    public void close() {
        Stream.of(apiNode, volumeManager, first.agent, second.agent).forEach(ServiceProcess::close);
        first.nova.close();
        second.nova.close();
        http.close();
        databases.close();
        secondDatabases.close();
        secondBroker.close();
        List.of("cinder", "cell1").forEach(of -> broker.own().control("delete_vhost", of + "-" + name));
    }
}
