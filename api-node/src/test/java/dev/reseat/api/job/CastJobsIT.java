package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Items whose repair was cast: they are in flight without a thread, and end by their journal entry. */
@Tag("database")
class CastJobsIT {
    private static final int ITEMS = 12;
    private static final String[] UNLIMITED =
            {"--per-host", "0", "--per-backend", "0", "--canary", "0", "--wave", "0", "--stop-after-failures", "0"};

    private JobCloud node;
    private SimulatedAgents agents;
    private MovedMonitors moved;

    private void open(String settings) {
        node = new JobCloud(settings);
        agents = node.agents;
        moved = new MovedMonitors(node);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void manyAreInFlightWithFewThreadsAndEachReportEndsOneAtOnce() {
        open("job_workers = 2\njob_interval = 600"); // nothing is found by looking
        List<String> mappings = mappings(ITEMS);
        var goOn = new CountDownLatch(1);
        agents.remove = args -> {
            await(goOn);
            moved.remove(args);
        };

        String job = create(UNLIMITED);
        agents.awaitCasts(ITEMS);
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "1").out()).contains(ITEMS + " running");
        assertThat(node.cli.run(0, "job", "report", job).out()).contains("the report of whoever does it");
        node.cli.run(0, "job", "pause", job);
        goOn.countDown(); // what is in flight ends
        node.cli.run(0, "job", "resume", job);

        assertThat(node.cli.run(0, "job", "watch", job, "--for", "60").out()).contains(ITEMS + " done");
        assertThat(agents.most.get("host-a")).isEqualTo(ITEMS);
        assertThat(mappings).allSatisfy(
                mapping -> assertThat(moved.info(mapping)).contains(MovedMonitors.NEW)
                        .doesNotContain(MovedMonitors.OLD));
    }

    @Test
    void whatWasCastCountsForTheLimits() {
        open("job_workers = 8\njob_interval = 1");
        mappings(6);

        String job = create("--per-host", "2", "--canary", "0", "--wave", "0");

        node.cli.run(0, "job", "watch", job, "--for", "120");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 6L));
        assertThat(agents.most.get("host-a")).isLessThanOrEqualTo(2);
    }

    @Test
    void aCastThatIsLostIsSentAgainWhenItsReportIsOverdue() {
        open("report_timeout = 2\njob_interval = 1");
        String mapping = mappings(1).getFirst();
        agents.losing.set(1);

        String job = create(UNLIMITED);

        node.cli.run(0, "job", "watch", job, "--for", "120");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(moved.info(mapping)).contains(MovedMonitors.NEW);
    }

    @Test
    void whoseAgentIsGoneIsSettledByTheReconciler() {
        open("report_timeout = 2\njob_interval = 1");
        String mapping = mappings(1).getFirst();
        agents.losing.set(Integer.MAX_VALUE);
        String job = create(UNLIMITED);
        agents.awaitCasts(1);
        agents.stop("host-a");

        node.cli.run(1, "job", "watch", job, "--for", "120");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("failed", 1L));
        Map<String, Object> entry = node.cloud.row(node.cloud.cinder(), "SELECT state, outcome FROM reseat.journal");
        assertThat(entry.get("state")).isIn("undone", "failed");
        assertThat(node.cli.report(job).at("/items/0/detail").asString()).isEqualTo(entry.get("outcome"));
        assertThat(moved.info(mapping)).contains(MovedMonitors.OLD);
    }

    @Test
    void whoeverIsOutOfReachWhenItsTurnComesIsWaitedFor() {
        open("report_timeout = 60\njob_interval = 1");
        String volume = node.orphan();
        String job = planned("--select", "ids=" + volume, "--reset-state", "available");
        node.backends.stop();

        node.cli.run(0, "job", "apply", job);
        awaitDetail(job, "cannot be reached");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("waiting", 1L));
        node.backends.start();

        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(node.status(volume)).isEqualTo("available");
        assertThat(node.cloud.rows(
                node.cloud.cinder(),
                "SELECT state, request_id FROM reseat.journal WHERE subject_id = ? ORDER BY opened_at", volume))
                .extracting(entry -> entry.get("state"))
                .containsExactly("undone", "done");
    }

    @Test
    void whoeverIsOutOfReachWhenAPlanIsMadeAgainChangesNothingOfIt() {
        open("report_timeout = 60\njob_interval = 1");
        String volume = node.orphan();
        String job = planned("--select", "ids=" + volume, "--reset-state", "available");
        node.cloud.execute(
                node.cloud.cinder(), "UPDATE reseat.job_item SET fresh_until = timestamp '2020-01-01 00:00:00'");
        node.backends.stop();

        node.cli.run(0, "job", "apply", job);
        awaitDetail(job, "cannot be reached");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("waiting", 1L));
        node.backends.start();

        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(node.status(volume)).isEqualTo("available");
    }

    @Test
    void butNotForEver() {
        open("report_timeout = 1\njob_interval = 1");
        String volume = node.orphan();
        String mapping = mappings(1).getFirst();
        String reset = planned(
                "--select", "ids=" + volume, "--reset-state", "available", "--canary", "0");
        String refresh = planned("--address", MovedMonitors.OLD, "--refresh", "--canary", "0");
        node.backends.stop();
        agents.stop("host-a");

        node.cli.run(0, "job", "apply", reset);
        node.cli.run(0, "job", "apply", refresh);

        node.cli.run(1, "job", "watch", reset, "--for", "60");
        node.cli.run(1, "job", "watch", refresh, "--for", "60");
        assertThat(node.cli.states(reset)).isEqualTo(Map.of("failed", 1L));
        assertThat(node.cli.states(refresh)).isEqualTo(Map.of("failed", 1L));
        assertThat(node.status(volume)).isEqualTo("error");
        assertThat(moved.info(mapping)).contains(MovedMonitors.OLD);
    }

    private String planned(String... words) {
        String job = node.cli.create(words);
        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("planned", 1L));
        return job;
    }

    private void awaitDetail(String job, String words) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!node.cli.report(job).at("/items/0/detail").asString("").contains(words)) {
            assertThat(System.nanoTime()).as(() -> node.cli.report(job).toString()).isLessThan(end);
        }
    }

    @Test
    void whatHoldsNoMoreWhenItsWorkerAsksIsSkippedWithTheReason() {
        open("job_interval = 600"); // nothing is found by looking
        String mapping = mappings(1).getFirst();
        agents.beforeAdmission = () -> node.cloud.execute(
                node.cloud.nova(), "UPDATE instances SET vm_state = 'active', power_state = 1");

        String job = create(UNLIMITED);

        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(node.cli.states(job)).isEqualTo(Map.of("skipped", 1L));
        assertThat(node.cli.report(job).at("/items/0/detail").asString()).contains("was started by somebody else");
        assertThat(moved.info(mapping)).contains(MovedMonitors.OLD).doesNotContain(MovedMonitors.NEW);
    }

    @Test
    void whatIsNotKnownIsShownSoUntilTheReportComes() throws Exception {
        open("job_interval = 1");
        mappings(1);
        var goOn = new CountDownLatch(1);
        agents.remove = args -> {
            await(goOn);
            moved.remove(args);
        };
        String job = create(UNLIMITED);
        agents.awaitCasts(1);
        node.cloud.execute(node.cloud.cinder(), "UPDATE reseat.journal SET state = 'unknown', outcome = 'who knows'");

        assertThat(node.cli.run(9, "job", "watch", job, "--for", "6").out()).contains("1 unknown");
        assertThat(node.cli.report(job).at("/items/0/detail").asString()).isEqualTo("who knows");
        node.cli.run(0, "job", "cancel", job);
        goOn.countDown();

        node.cli.events(job);
        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 1L));
    }

    private List<String> mappings(int count) {
        List<String> mappings = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            mappings.add(moved.mapping(node.cloud.instance(), MovedMonitors.OLD));
        }
        return mappings;
    }

    private String create(String... limits) {
        List<String> words = new ArrayList<>(
                List.of("--select", "address=" + MovedMonitors.OLD, "--refresh", "--apply"));
        words.addAll(List.of(limits));
        return node.cli.create(words.toArray(String[]::new));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
