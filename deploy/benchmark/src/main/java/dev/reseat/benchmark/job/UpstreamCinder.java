package dev.reseat.benchmark.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real cinder-api, whose reset changes its database and nothing else. No other service of Cinder's is needed. */
final class UpstreamCinder implements AutoCloseable {
    private static final Path BIN = Path.of("/usr/bin");
    private static final long SYNC_MINUTES = 5;
    private static final String DATABASE = "upstream";
    private static final String STUCK = """
            INSERT INTO volumes (id, user_id, project_id, host, size, availability_zone, status, attach_status, deleted,
                bootable, multiattach, shared_targets, use_quota, volume_type_id, created_at)
            SELECT CAST(gen_random_uuid() AS text), 'bench', ?, 'stor-0@sim#pool', 1, 'nova', 'error', 'detached',
                false, false, false, false, true, (SELECT id FROM volume_types LIMIT 1), now()
            FROM generate_series(1, ?)""";

    private final BenchDatabase database;
    private final MeasuredNode node;

    private UpstreamCinder(BenchDatabase database, MeasuredNode node) {
        this.database = database;
        this.node = node;
    }

    static boolean isInstalled() {
        return Files.isExecutable(BIN.resolve("cinder-api")) && Files.isExecutable(BIN.resolve("cinder-manage"));
    }

    /** With a database of its own on the same server. */
    static UpstreamCinder start(JobsCloud cloud) throws IOException, InterruptedException {
        int port = JobsCloud.freePort();
        String connection = cloud.database().create(DATABASE).replace("postgresql:", "postgresql+psycopg2:");
        Path state = Files.createDirectories(cloud.directory().resolve("upstream"));
        Path file = Files.writeString(state.resolve("cinder.conf"), """
                [DEFAULT]
                transport_url = %s
                auth_strategy = noauth
                api_paste_config = /etc/cinder/api-paste.ini
                osapi_volume_listen = 127.0.0.1
                osapi_volume_listen_port = %d
                osapi_volume_workers = 1
                state_path = %s
                my_ip = 127.0.0.1
                host = upstream
                [database]
                connection = %s
                [oslo_concurrency]
                lock_path = %s
                [oslo_messaging_notifications]
                driver = noop
                [coordination]
                backend_url = file://%s
                """.formatted(cloud.transportUrl(), port, state, connection, state, state));
        sync(state, file);
        return new UpstreamCinder(cloud.database(), MeasuredNode.start(
                state, "cinder-api", port,
                List.of(BIN.resolve("cinder-api").toString(), "--config-file", file.toString())));
    }

    private static void sync(Path state, Path file) throws IOException, InterruptedException {
        Path log = state.resolve("sync.log");
        Process sync = new ProcessBuilder(
                BIN.resolve("cinder-manage").toString(), "--config-file", file.toString(), "db", "sync")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!sync.waitFor(SYNC_MINUTES, TimeUnit.MINUTES) || sync.exitValue() != 0) {
            sync.destroyForcibly();
            throw new IllegalStateException("cinder-manage db sync failed: " + Files.readString(log));
        }
    }

    /** Volumes in error; their ids. */
    List<String> stuckVolumes(String project, int count) {
        database.execute(DATABASE, STUCK, project, count);
        return database.texts(DATABASE, "SELECT id FROM volumes WHERE project_id = ?", project);
    }

    /** How many of them are available. */
    long available(String project) {
        return database.number(DATABASE, "SELECT count(*) FROM volumes WHERE project_id = ? AND status = 'available'",
                project);
    }

    String url() {
        return node.url();
    }

    @Override
    public void close() {
        node.close();
    }
}
