package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Dialect;
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

    private OpenStack(String name, Dialect dialect) throws IOException {
        Path directory =
                Path.of(System.getProperty("basedir", ""), "target", "clouds", "openstack-" + name).toAbsolutePath();
        Files.createDirectories(directory);
        virtualHost = "openstack-" + name;
        broker.own().control("add_vhost", virtualHost);
        broker.own().control("set_permissions", "-p", virtualHost, "guest", ".*", ".*", ".*");
        String url = broker.transportUrl().replaceFirst("(://[^/]*)/?.*$", "$1/" + virtualHost);
        settings = OpenStackSettings.create(name, url, directory);
        databases = OpenStackDatabases.open(dialect, directory, settings);
        cinderApi = new Http("http://127.0.0.1:" + settings.cinderPort(), CloudFixture.USER, CloudFixture.PROJECT);
    }

    /** All services, up, on that kind of database server. */
    static OpenStack start(Dialect dialect) throws IOException, InterruptedException {
        OpenStackPrograms.require();
        var cloud = new OpenStack(UUID.randomUUID().toString().substring(0, 8), dialect);
        try {
            cloud.launch();
            return cloud;
        } catch (IOException | RuntimeException | Error | InterruptedException e) {
            try {
                cloud.close();
            } catch (RuntimeException alsoClosing) {
                e.addSuppressed(alsoClosing);
            }
            throw e;
        }
    }

    private void launch() throws IOException, InterruptedException {
        service("placement", OpenStackPrograms.script("placement_api.py", "" + settings.placementPort()));
        service("neutron", OpenStackPrograms.script("neutron_api.py", "" + settings.neutronPort()));
        service("cinder-api", OpenStackPrograms.command("cinder-api", settings.file("cinder")));
        service("cinder-scheduler", OpenStackPrograms.command("cinder-scheduler", settings.file("cinder")));
        service("cinder-volume", OpenStackPrograms.command("cinder-volume", settings.file("cinder")));
        service("nova-conductor", OpenStackPrograms.command("nova-conductor", settings.file("nova")));
        nova = PythonService.launch("nova-client", settings.directory(),
                OpenStackPrograms.script("nova_client.py", settings.file("nova").toString()));
        services.get("placement").awaitPort(settings.placementPort());
        startCompute();
        services.get("cinder-api").awaitPort(settings.cinderPort());
        awaitBackend();
        await("nova", "EXISTS (SELECT 1 FROM services WHERE \"binary\" = 'nova-compute' AND report_count > 0)");
    }

    /** nova-api, which only who compares answers needs; returns when it listens. */
    void startNovaApi() throws InterruptedException {
        service("nova-api", OpenStackPrograms.command("nova-api", settings.file("nova")));
        watch();
        services.get("nova-api").awaitPort(settings.novaPort());
    }

    /** nova-compute, at the start and when a test has ended it. */
    void startCompute() {
        service("nova-compute", OpenStackPrograms.script("nova_compute.py", "--config-file",
                settings.file("nova").toString()));
        watch();
    }

    /** A volume that is made before the scheduler listens and knows a backend is lost, or an error. */
    private void awaitBackend() {
        long end = System.nanoTime() + SETTLED.toNanos();
        while (!broker("list_consumers", "queue_name").contains("cinder-scheduler")) {
            assertThat(System.nanoTime()).as("cinder-scheduler does not listen").isLessThan(end);
        }
        String pools = "/v3/" + CloudFixture.PROJECT + "/scheduler-stats/get_pools";
        while (cinderApi.get(pools).json().path("pools").isEmpty()) {
            assertThat(System.nanoTime()).as("cinder-scheduler knows no backend").isLessThan(end);
        }
    }

    /** Keystone, and another cinder-api that asks it who calls. Repeatable. */
    void startGuarded() throws InterruptedException {
        if (services.containsKey("keystone")) {
            return;
        }
        service("keystone", OpenStackPrograms.script(
                "keystone_api.py", "" + settings.keystonePort(), settings.file("keystone").toString()));
        service("guarded-cinder-api", OpenStackPrograms.command("cinder-api", settings.file("guarded-cinder")));
        services.get("keystone").awaitPort(settings.keystonePort());
        services.get("guarded-cinder-api").awaitPort(settings.guardedCinderPort());
        watch();
    }

    /** Keystone, and what makes servers for whom it vouches: images, a scheduler and a nova-api. */
    OpenStackCompute startComputeApi() throws IOException, InterruptedException {
        startGuarded();
        var compute = new OpenStackCompute(settings);
        compute.prepare();
        service("glance-api", OpenStackPrograms.command("glance-api", settings.file("glance")));
        service("nova-scheduler", OpenStackPrograms.command("nova-scheduler", settings.file("nova")));
        service("served-nova-api", OpenStackPrograms.command("nova-api", settings.file("served-nova")));
        watch();
        services.get("glance-api").awaitPort(compute.glancePort());
        services.get("served-nova-api").awaitPort(compute.novaPort());
        compute.furnish();
        return compute;
    }

    private void watch() {
        deadMan.ifPresent(OpenStack::disarm);
        deadMan = Optional.of(endWithThisJvm());
    }

    /** Ends the services if this JVM is killed: a shell whose input ends with us. */
    private Process endWithThisJvm() {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "read -r _ || kill \"$@\"", "sh"));
        services.values().forEach(service -> words.add(Long.toString(service.pid())));
        words.add(Long.toString(nova.pid()));
        try {
            return new ProcessBuilder(words).start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        while (!holds(sql, databases.pause(), condition, values)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("does not come true: " + condition + " with " + List.of(values));
            }
        }
    }

    private static boolean holds(Jdbi sql, String pause, String condition, Object... values) {
        return sql.withHandle(handle -> handle
                .select("SELECT (" + condition + ") AS holds FROM " + pause, values)
                .mapTo(Boolean.class)
                .one());
    }

    /** What {@code rabbitmqctl} lists of this cloud's virtual host, sorted. */
    List<String> broker(String what, String... columns) {
        List<String> words = new ArrayList<>(List.of(what, "-p", virtualHost));
        words.addAll(List.of(columns));
        return broker.own().control(words.toArray(String[]::new)).lines().sorted().toList();
    }

    /**
     * Makes an account of the broker that may do this here, and nothing anywhere else.
     *
     * @param permissions {@code set_permissions NAME CONFIGURE WRITE READ}
     * @return its name
     */
    String account(List<String> permissions) {
        List<String> words = new ArrayList<>(permissions);
        words.addAll(1, List.of("-p", virtualHost));
        broker.own().control("add_user", permissions.get(1), InstallPage.PASSWORD);
        broker.own().control(words.toArray(String[]::new));
        return permissions.get(1);
    }

    void removeAccount(String name) {
        broker.own().control("delete_user", name);
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
