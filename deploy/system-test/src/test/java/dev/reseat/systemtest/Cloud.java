package dev.reseat.systemtest;

import dev.reseat.api.store.Connections;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * A small cloud: real databases, a real broker, and our three services as processes of their own. Its files, settings
 * and logs stay in {@code target/clouds} for whoever looks into a failure.
 */
final class Cloud implements AutoCloseable {
    private static final Duration SETTLED = Duration.ofSeconds(60);
    private static Optional<Cloud> shared = Optional.empty(); // guarded by the class

    private final CloudFixture rows;
    private final CloudSettings settings;
    private final ServiceProcess apiNode;
    private final ServiceProcess volumeManager;
    private final ServiceProcess computeAgent;
    private final Http http;

    private Cloud(CloudFixture rows, UnaryOperator<DatabaseUrl> way, boolean replaces) {
        this(rows, way, replaces, "");
    }

    private Cloud(CloudFixture rows, UnaryOperator<DatabaseUrl> way, boolean replaces, String more) {
        this.rows = rows;
        String name = UUID.randomUUID().toString().substring(0, 8);
        Path directory = directory(name);
        settings = new CloudSettings(
                name, RabbitBroker.running().transportUrl(), directory, LoopbackPorts.reserve(), replaces);
        apiNode = new ServiceProcess(
                "reseat-api-node", directory,
                settings.apiNode(way.apply(rows.databases().cinder()), way.apply(rows.databases().nova())) + more);
        volumeManager = new ServiceProcess("reseat-volume-manager", directory, settings.volumeManager());
        computeAgent = new ServiceProcess("reseat-compute-agent", directory, settings.computeAgent());
        http = new Http(settings.endpoint(), CloudFixture.USER, CloudFixture.PROJECT);
    }

    /**
     * Databases and settings, but nothing runs yet. Ends the shared cloud: queues have the same names in all clouds.
     */
    static Cloud prepared() {
        return prepared(url -> url);
    }

    /** The same, with another way for the api-node to its databases. */
    static synchronized Cloud prepared(UnaryOperator<DatabaseUrl> way) {
        shared.ifPresent(Cloud::close);
        shared = Optional.empty();
        return new Cloud(CloudFixture.open(), way, false);
    }

    /** The same with databases that the test has made. */
    static synchronized Cloud prepared(CloudFixture rows) {
        shared.ifPresent(Cloud::close);
        shared = Optional.empty();
        return new Cloud(rows, url -> url, false);
    }

    /** Everything runs, and sweeps every second. Ends the shared cloud. */
    static synchronized Cloud sweeping() throws InterruptedException {
        shared.ifPresent(Cloud::close);
        shared = Optional.empty();
        Cloud cloud = new Cloud(CloudFixture.open(), url -> url, false, "[reseat]\nsweep_interval = 1\n");
        cloud.rows.execute(cloud.nova(), """
                INSERT INTO services (host, "binary", topic, report_count, disabled, deleted, version, created_at)
                VALUES (?, 'nova-compute', 'compute', 1, false, 0, 61, <utc>)""", cloud.settings.computeHost());
        cloud.launch();
        return cloud;
    }

    /**
     * Everything runs, and the databases may take their time over a statement: a test lets them wait until the last of
     * many repairs is where it wants them all. Ends the shared cloud.
     */
    static synchronized Cloud patient() throws InterruptedException {
        shared.ifPresent(Cloud::close);
        shared = Optional.empty();
        Cloud cloud = new Cloud(CloudFixture.open(), url -> url, false, "[database]\npool_timeout = 600\n");
        cloud.launch();
        return cloud;
    }

    /** Everything runs, in place of Nova's and Cinder's services. Ends the shared cloud. */
    static synchronized Cloud inPlaceOfOpenStack() throws InterruptedException {
        shared.ifPresent(Cloud::close);
        shared = Optional.empty();
        Cloud cloud = new Cloud(CloudFixture.open(), url -> url, true);
        cloud.launch();
        return cloud;
    }

    /** Everything runs. */
    static Cloud running() throws InterruptedException {
        Cloud cloud = prepared();
        cloud.launch();
        return cloud;
    }

    /** The one that tests share which leave it as it was. Nobody closes it. */
    static synchronized Cloud shared() {
        if (shared.isEmpty()) {
            var cloud = new Cloud(CloudFixture.open(), url -> url, false);
            Runtime.getRuntime().addShutdownHook(new Thread(cloud::killAll)); // the databases end by themselves
            shared = Optional.of(cloud);
            try {
                cloud.launch();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return shared.get();
    }

    /** Starts what does not run; returns when everything has started. */
    void launch() throws InterruptedException {
        apiNode.launch();
        volumeManager.launch();
        computeAgent.launch();
        apiNode.awaitStarted();
        volumeManager.awaitStarted();
        computeAgent.awaitStarted();
    }

    CloudSettings settings() {
        return settings;
    }

    CloudFixture rows() {
        return rows;
    }

    Connections cinder() {
        return rows.cinder();
    }

    Connections nova() {
        return rows.nova();
    }

    Http http() {
        return http;
    }

    ServiceProcess apiNode() {
        return apiNode;
    }

    ServiceProcess volumeManager() {
        return volumeManager;
    }

    ServiceProcess computeAgent() {
        return computeAgent;
    }

    /** The row of a volume. */
    Map<String, Object> volume(String id) {
        return rows.row(cinder(), "SELECT * FROM volumes WHERE id = ?", id);
    }

    /** How many attachments of a volume are not deleted. */
    long liveAttachments(String volumeId) {
        return (long) rows.row(
                cinder(),
                "SELECT count(*) AS n FROM volume_attachment WHERE volume_id = ? AND NOT deleted", volumeId).get("n");
    }

    /** The newest journal entry of a volume. */
    Map<String, Object> journal(String subject) {
        return rows.row(
                cinder(),
                "SELECT * FROM reseat.journal WHERE subject_id = ? ORDER BY opened_at DESC LIMIT 1", subject);
    }

    /** Waits until the journal has nothing unsettled about it. */
    void awaitSettled(String subject) {
        await(
                cinder(), "NOT EXISTS (SELECT 1 FROM reseat.journal WHERE subject_id = ?"
                        + " AND state IN ('open', 'unknown'))",
                subject);
    }

    /** Waits until a condition in SQL holds. */
    void await(Connections connections, String condition, Object... values) {
        await(SETTLED, connections, condition, values);
    }

    /** The same for what takes longer. */
    void await(Duration limit, Connections connections, String condition, Object... values) {
        String pause = switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> "pg_sleep(0.05)";
            case MARIADB -> "(SELECT sleep(0.05)) AS pause";
        };
        String query = "SELECT CASE WHEN " + condition + " THEN 1 ELSE 0 END AS holds FROM " + pause;
        long end = System.nanoTime() + limit.toNanos();
        while (((Number) rows.row(connections, query, values).get("holds")).intValue() == 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("does not come true: " + condition);
            }
        }
    }

    @Override
    public void close() {
        killAll();
        http.close();
        rows.close();
    }

    private void killAll() {
        apiNode.close();
        volumeManager.close();
        computeAgent.close();
    }

    private static Path directory(String name) {
        try {
            return Files.createDirectories(
                    Path.of(System.getProperty("basedir", ""), "target", "clouds", name, "volumes").toAbsolutePath())
                    .getParent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
