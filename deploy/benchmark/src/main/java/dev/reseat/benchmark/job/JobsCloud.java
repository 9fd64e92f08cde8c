package dev.reseat.benchmark.job;

import dev.reseat.benchmark.Scratch;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A broker, a PostgreSQL, api-nodes as processes, and simulated hosts and backends; all private. For one thread. */
final class JobsCloud implements AutoCloseable {
    private static final int HOSTS = 50;
    private static final int BACKENDS = 4;
    private static final String CINDER = "cinder";
    private static final String NOVA = "nova";
    private static final String STUCK = """
            INSERT INTO volumes (id, user_id, project_id, host, size, availability_zone, status, attach_status, deleted,
                bootable, multiattach, shared_targets, use_quota, volume_type_id, created_at)
            SELECT CAST(gen_random_uuid() AS text), 'bench', ?, 'stor-' || i %% %d || '@sim#pool', 1, 'nova', 'error',
                'attached', false, false, false, true, true,
                COALESCE((SELECT id FROM volume_types LIMIT 1), 'bench'), now() FROM generate_series(1, ?) i"""
            .formatted(BACKENDS);
    private static final String ATTACHED = """
            INSERT INTO volume_attachment (id, volume_id, instance_uuid, attach_status, attach_mode, attached_host,
                connector, mountpoint, deleted, created_at)
            SELECT CAST(gen_random_uuid() AS text), id, CAST(gen_random_uuid() AS text), 'attached', 'rw', host,
                '{"host": "' || host || '"}', '/dev/vdb', false, now()
            FROM (SELECT id, 'cmp-' || row_number() OVER (ORDER BY id) %% %d AS host FROM volumes
                WHERE project_id = ?) v
            """.formatted(HOSTS);

    private final Scratch scratch;
    private final BenchDatabase database;
    private final SimulatedPeers peers;
    private final List<MeasuredNode> nodes = new ArrayList<>();

    private JobsCloud(Scratch scratch, BenchDatabase database, SimulatedPeers peers) {
        this.scratch = scratch;
        this.database = database;
        this.peers = peers;
    }

    /** @param server as from {@code PrivateRabbitNode.installedServer} */
    static JobsCloud start(Path server, int nodes) throws IOException, InterruptedException {
        Scratch scratch = Scratch.launch(server);
        var cloud = new JobsCloud(
                scratch, BenchDatabase.start(),
                SimulatedPeers.start(scratch.node().transportUrl(), HOSTS, BACKENDS));
        try {
            String cinder = cloud.database.create(CINDER);
            String nova = cloud.database.create(NOVA);
            for (int i = 1; i <= nodes; i++) {
                cloud.nodes.add(cloud.node("api-" + i, cinder, nova, ""));
            }
            return cloud;
        } catch (IOException | InterruptedException | RuntimeException e) {
            cloud.close();
            throw e;
        }
    }

    /**
     * One more process, on these databases. Returns when it serves.
     *
     * @param more settings of {@code [reseat]}
     */
    MeasuredNode node(String name, String cinder, String nova, String more) throws IOException, InterruptedException {
        int port = freePort();
        return MeasuredNode.apiNode(scratch.directory(), name, port, """
                [DEFAULT]
                host = %s
                transport_url = %s
                [cinder_database]
                connection = %s
                [nova_database]
                connection = %s
                [api]
                auth_strategy = noauth
                listen = 127.0.0.1
                port = %d
                [monitor]
                enabled = false
                [reseat]
                create_openstack_tables = true
                probe_timeout = 120
                %s
                """.formatted(name, scratch.node().transportUrl(), cinder, nova, port, more));
    }

    /** Volumes in error with an attachment that nobody uses; the project that owns them and no others. */
    String stuckVolumes(int count) {
        String project = UUID.randomUUID().toString().replace("-", "");
        database.execute(CINDER, STUCK, project, count);
        database.execute(CINDER, ATTACHED, project);
        return project;
    }

    /** Their ids. */
    List<String> volumes(String project) {
        return database.texts(CINDER, "SELECT id FROM volumes WHERE project_id = ? ORDER BY id", project);
    }

    /** How many of them are available and have no attachment. */
    long free(String project) {
        return database.number(CINDER, "SELECT count(*) FROM volumes v WHERE project_id = ? AND status = 'available'"
                + " AND NOT EXISTS (SELECT 1 FROM volume_attachment a WHERE a.volume_id = v.id AND NOT a.deleted)",
                project);
    }

    BenchDatabase database() {
        return database;
    }

    /** A question about a job, to the database in which jobs are. */
    String ask(String sql, Object... values) {
        return database.texts(CINDER, sql, values).getFirst();
    }

    String url() {
        return nodes.getFirst().url();
    }

    Path directory() {
        return scratch.directory();
    }

    String transportUrl() {
        return scratch.node().transportUrl();
    }

    long cpuNanos() {
        return nodes.stream().mapToLong(MeasuredNode::cpuNanos).sum();
    }

    /** Of the api-node with most on its heap. */
    long heapBytes() throws IOException, InterruptedException {
        long most = 0;
        for (MeasuredNode node : nodes) {
            most = Math.max(most, node.heapBytes());
        }
        return most;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws IOException {
        nodes.forEach(MeasuredNode::close);
        peers.close();
        database.close();
        scratch.close();
    }
}
