package dev.reseat.systemtest;

import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.RabbitBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real OpenStack: cinder-api, cinder-scheduler, cinder-volume, nova-conductor, nova-compute and placement as Debian
 * packages them, on a database server and in a virtual host of the broker that are this test's own. Everything of it
 * stays in {@code target/clouds} for whoever looks into a failure.
 */
final class OpenStack implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SETTLED = Duration.ofSeconds(90);

    private final RabbitBroker broker = RabbitBroker.restartable();
    private final String virtualHost;
    private final OpenStackSettings settings;
    private final OpenStackDatabases databases;
    private final Map<String, PythonService> services = new TreeMap<>();
    private final Http cinderApi;
    private PythonService nova;
    private Optional<Process> deadMan = Optional.empty();

    private OpenStack(String name) throws IOException {
        Path directory =
                Path.of(System.getProperty("basedir", ""), "target", "clouds", "openstack-" + name).toAbsolutePath();
        Files.createDirectories(directory);
        virtualHost = "openstack-" + name;
        broker.own().control("add_vhost", virtualHost);
        broker.own().control("set_permissions", "-p", virtualHost, "guest", ".*", ".*", ".*");
        String url = broker.transportUrl().replaceFirst("(://[^/]*)/?.*$", "$1/" + virtualHost);
        settings = OpenStackSettings.create(name, url, directory);
        databases = OpenStackDatabases.open(directory, settings);
        cinderApi = new Http("http://127.0.0.1:" + settings.cinderPort(), CloudFixture.USER, CloudFixture.PROJECT);
    }

    /** All services, up. */
    static OpenStack start() throws IOException, InterruptedException {
        OpenStackPrograms.require();
        var cloud = new OpenStack(UUID.randomUUID().toString().substring(0, 8));
        try {
            cloud.launch();
            return cloud;
        } catch (IOException | RuntimeException | Error | InterruptedException e) {
            cloud.close();
            throw e;
        }
    }

    private void launch() throws IOException, InterruptedException {
        service("placement", OpenStackPrograms.script("placement_api.py", "" + settings.placementPort()));
        service("cinder-api", OpenStackPrograms.command("cinder-api", settings.file("cinder")));
        service("cinder-scheduler", OpenStackPrograms.command("cinder-scheduler", settings.file("cinder")));
        service("cinder-volume", OpenStackPrograms.command("cinder-volume", settings.file("cinder")));
        service("nova-conductor", OpenStackPrograms.command("nova-conductor", settings.file("nova")));
        nova = PythonService.launch("nova-client", settings.directory(),
                OpenStackPrograms.script("nova_client.py", settings.file("nova").toString()));
        services.get("placement").awaitPort(settings.placementPort());
        service("nova-compute", OpenStackPrograms.script("nova_compute.py", "--config-file",
                settings.file("nova").toString()));
        deadMan = Optional.of(endWithThisJvm());
        services.get("cinder-api").awaitPort(settings.cinderPort());
        await("cinder", "EXISTS (SELECT 1 FROM services WHERE \"binary\" = 'cinder-volume')");
        await("nova", "EXISTS (SELECT 1 FROM services WHERE \"binary\" = 'nova-compute' AND report_count > 0)");
    }

    /** Ends the services if this JVM is killed: a shell whose input ends with us. */
    private Process endWithThisJvm() throws IOException {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "read -r _ || kill \"$@\"", "sh"));
        services.values().forEach(service -> words.add(Long.toString(service.pid())));
        words.add(Long.toString(nova.pid()));
        return new ProcessBuilder(words).start();
    }

    private void service(String name, List<String> command) {
        services.put(name, PythonService.launch(name, settings.directory(), command));
    }

    OpenStackSettings settings() {
        return settings;
    }

    OpenStackDatabases databases() {
        return databases;
    }

    PythonService service(String name) {
        return services.get(name);
    }

    Http cinderApi() {
        return cinderApi;
    }

    /** Has Nova's own objects or RPC clients do something. */
    JsonNode nova(String what, Map<String, ?> arguments) throws IOException, InterruptedException {
        Map<String, Object> request = new TreeMap<>(arguments);
        request.put("do", what);
        return JSON.readTree(nova.ask(JSON.writeValueAsString(request)));
    }

    /** Column to value, NULL as null. */
    Map<String, Object> row(String database, String query, Object... values) {
        return databases.sql(database).withHandle(handle -> handle.select(query, values).mapToMap().one());
    }

    /** Waits until a condition in SQL holds. */
    void await(String database, String condition, Object... values) {
        Jdbi sql = databases.sql(database);
        long end = System.nanoTime() + SETTLED.toNanos();
        while (!holds(sql, condition, values)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("does not come true: " + condition + " with " + List.of(values));
            }
        }
    }

    private static boolean holds(Jdbi sql, String condition, Object... values) {
        return sql.withHandle(handle -> handle
                .select("SELECT (" + condition + ") AS holds FROM pg_sleep(0.05)", values)
                .mapTo(Boolean.class)
                .one());
    }

    /** What {@code rabbitmqctl} lists of this cloud's virtual host, sorted. */
    List<String> broker(String what, String... columns) {
        List<String> words = new ArrayList<>(List.of(what, "-p", virtualHost));
        words.addAll(List.of(columns));
        return broker.own().control(words.toArray(String[]::new)).lines().sorted().toList();
    }

    @Override
    public void close() {
        List<Thread> ends = new ArrayList<>();
        services.values().forEach(service -> ends.add(Thread.ofVirtual().start(service::close)));
        if (nova != null) {
            nova.close();
        }
        try {
            for (Thread end : ends) {
                end.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deadMan.ifPresent(OpenStack::disarm);
        cinderApi.close();
        databases.close();
        broker.own().control("delete_vhost", virtualHost);
    }

    private static void disarm(Process shell) {
        try (var input = shell.outputWriter()) {
            input.write("disarmed\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
