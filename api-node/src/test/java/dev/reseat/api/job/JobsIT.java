package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** One job on two api-nodes of which one is killed: real processes and servers, simulated backends and hosts. */
@Tag("database")
@Tag("broker")
class JobsIT {
    private static final List<String> BACKENDS = List.of("stor-1@file", "stor-2@file", "stor-3@file");
    private static final int ITEMS = 60;
    private static final int HOSTS = 10;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS) private Path directory;

    @Test
    void everyItemEndsOnceAlthoughANodeIsKilledAndLimitsHold() throws Exception {
        String url = RabbitBroker.running().transportUrl();
        try (CloudFixture cloud = CloudFixture.open();
                Broker broker = new Broker(url);
                SimulatedBackends backends = new SimulatedBackends(broker.rpc(), BACKENDS);
                SimulatedAgents _ = new SimulatedAgents(broker.rpc(), hosts())) {
            Path ids = orphans(cloud, backends);
            int port = LoopbackPorts.reserve();
            try (ApiNodeProcess first = node(cloud, url, "api-1", LoopbackPorts.reserve());
                    ApiNodeProcess second = node(cloud, url, "api-2", port)) {
                first.awaitServing();
                second.awaitServing();
                JobCli cli = new JobCli(port);
                String job = cli.create(
                        "--select", "ids=@" + ids, "--select", "state=error", "--reset-state", "available",
                        "--per-host",
                        "3", "--per-backend", "8", "--canary", "3", "--wave", "50", "--reason", "orphans");
                cli.run(0, "job", "watch", job);
                assertThat(cli.states(job)).as(() -> cli.run("job", "report", job, "--state", "refused").out())
                        .isEqualTo(Map.of("planned", (long) ITEMS));
                cli.run(0, "job", "apply", job);
                backends.awaitResets(ITEMS / 3);

                first.kill();

                int code = cli.run("job", "watch", job).code();
                Map<String, Long> states = cli.states(job);
                assertThat(states.keySet()).as(cli.report(job).toString()).isSubsetOf("done", "failed");
                assertThat(states.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(ITEMS);
                assertThat(code).isEqualTo(states.containsKey("failed") ? 1 : 0);
                if (states.containsKey("failed")) {
                    cli.run(0, "job", "retry-failed", job);
                    cli.run(0, "job", "watch", job);
                }
                assertThat(cli.states(job)).isEqualTo(Map.of("done", (long) ITEMS));
                anotherServiceMakesAJob(url, cloud.volume("error"));
                theManualsExamplesAreTrue(url, cloud.volume("error"), cli);
                assertThat(cli.run("job", "report", job, "--csv").out().lines()).hasSize(ITEMS + 1);
            }
            assertThat(cloud.row(cloud.cinder(), "SELECT count(*) AS n FROM volumes WHERE status = 'available'"))
                    .containsEntry("n", (long) ITEMS);
            assertThat(cloud.row(cloud.cinder(), "SELECT count(*) AS n FROM reseat.journal WHERE state NOT IN ('done',"
                    + " 'undone', 'failed')")).containsEntry("n", 0L);
            assertThat(backends.most).allSatisfy((key, most) -> assertThat(most).as(key)
                    .isLessThanOrEqualTo(key.startsWith("backend") ? 8 : key.startsWith("host") ? 3 : 1));
            assertThat(backends.most.get("backend " + BACKENDS.getFirst())).isGreaterThan(1);
            assertThat(backends.resets).hasSize(ITEMS);
        }
    }

    private static List<String> hosts() {
        return IntStream.range(0, HOSTS).mapToObj(i -> "host-" + i).toList();
    }

    /** In Python, with oslo.messaging, as the manual of jobs shows it. */
    private static void anotherServiceMakesAJob(String url, String volume) throws InterruptedException {
        try (PythonPeer service = PythonPeer.start("job_client.py", url, volume)) {
            assertThat(service.line()).isEqualTo("reset 1");
            assertThat(service.line()).isEqualTo("ticket 4711");
            assertThat(service.line()).isEqualTo("cancelled");
            assertThat(service.line()).isEqualTo("NotFound");
        }
    }

    /** What is called makes a job, what is cast cancels it. */
    private static void theManualsExamplesAreTrue(String url, String volume, JobCli cli) throws InterruptedException {
        for (String page : List.of("README.md", "docs/operators/jobs.md")) {
            try (PythonPeer service =
                    PythonPeer.start("page_example.py", url, volume, Path.of("..", page).toString())) {
                String job = service.line();
                awaitState(cli, job, page.equals("README.md") ? "cancelled" : "planned");
                assertThat(cli.report(job).at("/items/0/volume_id").asString()).isEqualTo(volume);
            }
        }
    }

    private static void awaitState(JobCli cli, String job, String state) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!cli.show(job).path("state").asString().equals(state)) {
            assertThat(System.nanoTime()).as("%s becomes %s", job, state).isLessThan(end);
        }
    }

    /** Volumes in error with an attachment that nobody uses, on several hosts and backends; a file of their ids. */
    private Path orphans(CloudFixture cloud, SimulatedBackends backends) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < ITEMS; i++) {
            String host = "host-" + i % HOSTS;
            String volume = cloud.volume(Map.of(
                    "status", "error", "attach_status", "attached", "host",
                    BACKENDS.get(i % BACKENDS.size()) + "#pool"));
            cloud.attachment(volume, Map.of("attached_host", host));
            backends.hosts.put(volume, host);
            ids.add(volume);
        }
        return Files.write(directory.resolve("ids"), ids);
    }

    private ApiNodeProcess node(CloudFixture cloud, String url, String name, int port) throws Exception {
        return ApiNodeProcess.start(directory, name, url, cloud, port, "probe_timeout = 60", "journal_lease = 2",
                "reconcile_interval = 1", "job_interval = 1");
    }

    /** The test's own way to the broker. */
    private record Broker(Rpc rpc) implements AutoCloseable {
        Broker(String url) {
            this(Rpc.overBroker(
                    RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = " + url + "\n")), "jobs-test",
                    new SimpleMeterRegistry()));
        }

        @Override
        public void close() {
            rpc.stop();
        }
    }
}
