package dev.reseat.systemtest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.StoreException;
import dev.reseat.systemtest.KillCloud.Victim;
import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CloudFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One job of many resets runs, and at random moments {@code kill -9} hits api-nodes, agent, volume-manager, broker and
 * database. Every item must end exactly once and as the journal tells, the limits must hold all the time, and the
 * report must account for all.
 */
@Tag("broker")
@Tag("database")
@Tag("slow")
final class JobKillIT {
    private static final JsonMapper JSON = new JsonMapper();
    /** There is one host and one backend: the lower of the two limits is the one that is reached. */
    private static final Limits HOST_FIRST = new Limits(3, 5);
    private static final Limits BACKEND_FIRST = new Limits(6, 5);
    private static final int LATEST_KILL = 1_500;
    private static final long STALLED_SECONDS = 15;

    private record Limits(int perHost, int perBackend) {}

    @Test
    void aJobEndsEachItemOnceAlthoughThingsDie(@TempDir Path directory) throws Exception {
        killing(directory, 60, 3, 5, HOST_FIRST);
    }

    @Test
    void aJobOfAThousandEndsEachItemOnceAlthoughThingsDie(@TempDir Path directory) throws Exception {
        killing(directory, Integer.getInteger("reseat.kill.items", 1000), Integer.getInteger("reseat.kill.rounds", 25),
                Long.getLong("reseat.kill.seed", new Random().nextLong()), BACKEND_FIRST);
    }

    private static void killing(Path directory, int items, int rounds, long seed, Limits limits) throws Exception {
        var random = new Random(seed);
        try (KillCloud killable = KillCloud.start(directory);
                ScheduledExecutorService later = Executors.newScheduledThreadPool(1)) { // one after the other
            Cloud cloud = killable.cloud();
            Scene scene = new Scene(cloud);
            List<Attached> stuck = new ArrayList<>();
            for (int i = 0; i < items; i++) {
                stuck.add(scene.stuck("job of seed " + seed + ", " + i, "detaching"));
            }
            String job = create(cloud, stuck, limits);
            awaitState(cloud, job, Set.of("planned"), 60 + items);
            try (LimitWatch flight = LimitWatch.of(cloud)) {
                post(cloud, job, "apply");
                for (int round = 1; round <= rounds && !isOver(cloud, job); round++) {
                    awaitEnded(cloud, job, items * round / (rounds + 2));
                    kill(killable, later, random);
                }
                awaitState(cloud, job, Set.of("done"), 300 + items);
                assertThat(flight.seen.get()).as("looks at what is in flight").isGreaterThan(rounds);
                assertThat(flight.onHost.get()).as("most on the host")
                        .isPositive()
                        .isLessThanOrEqualTo(
                                limits.perHost());
                assertThat(flight.onBackend.get()).as("most on the backend")
                        .isPositive()
                        .isLessThanOrEqualTo(
                                limits.perBackend());
            }
            assertAccounted(cloud, job, stuck, "seed " + seed);
        }
    }

    private static String create(Cloud cloud, List<Attached> stuck, Limits limits) {
        Http.Answer made = cloud.http()
                .post("/reseat/v1/jobs", JSON.writeValueAsString(Map.of(
                        "select", Map.of("ids", stuck.stream().map(Attached::volume).toList()),
                        "reset", Map.of("status", "available"),
                        "limits", Map.of("per_host", limits.perHost(), "per_backend", limits.perBackend(), "canary",
                                0, "wave", 0, "stop_after_failures", 0),
                        "reason", "a drill")));
        assertThat(made.status()).as(made.text()).isBetween(200, 202);
        return made.json().path("job").path("id").stringValue();
    }

    private static void post(Cloud cloud, String job, String what) {
        Http.Answer answer = cloud.http().post("/reseat/v1/jobs/" + job + "/" + what, "{}");
        assertThat(answer.status()).as(answer.text()).isBetween(200, 202);
    }

    /** Two or three, each at a random moment; returns when all run again. */
    private static void kill(KillCloud killable, ScheduledExecutorService later, Random random) throws Exception {
        List<Victim> victims = new ArrayList<>(List.of(Victim.values()));
        Collections.shuffle(victims, random);
        List<Future<?>> kills = new ArrayList<>();
        for (Victim victim : victims.subList(0, 2 + random.nextInt(2))) {
            kills.add(later.schedule(() -> {
                killable.kill(victim);
                return victim;
            }, random.nextInt(LATEST_KILL), MILLISECONDS));
        }
        for (Future<?> kill : kills) {
            kill.get();
        }
        killable.revive();
    }

    private static boolean isOver(Cloud cloud, String job) {
        return state(cloud, job).equals("done");
    }

    private static String state(Cloud cloud, String job) {
        return cloud.rows()
                .row(cloud.cinder(), "SELECT state FROM reseat.job, pg_sleep(0.05) WHERE id = CAST(? AS uuid)", job)
                .get("state")
                .toString();
    }

    private static void awaitState(Cloud cloud, String job, Set<String> states, int seconds) {
        long end = System.nanoTime() + SECONDS.toNanos(seconds);
        while (!states.contains(state(cloud, job))) {
            assertThat(System.nanoTime()).as(() -> "it is " + state(cloud, job) + ", " + counts(cloud, job))
                    .isLessThan(end);
        }
    }

    /** Until so many have ended, or it does not go on. */
    private static void awaitEnded(Cloud cloud, String job, int count) {
        long end = System.nanoTime() + SECONDS.toNanos(STALLED_SECONDS);
        long ended = 0;
        while (ended < count && System.nanoTime() < end) {
            ended = (long) cloud.rows()
                    .row(cloud.cinder(), "SELECT count(*) AS n FROM reseat.job_item, pg_sleep(0.05)"
                            + " WHERE job = CAST(? AS uuid) AND ended_at IS NOT NULL", job)
                    .get("n");
        }
    }

    private static Map<String, Long> counts(Cloud cloud, String job) {
        Map<String, Long> counts = new TreeMap<>();
        cloud.rows()
                .rows(cloud.cinder(), "SELECT state, count(*) AS n FROM reseat.job_item"
                        + " WHERE job = CAST(? AS uuid) GROUP BY state", job)
                .forEach(row -> counts.put(row.get("state").toString(), (Long) row.get("n")));
        return counts;
    }

    private static void assertAccounted(Cloud cloud, String job, List<Attached> stuck, String name) {
        Map<String, Long> counts = counts(cloud, job);
        assertThat(counts.keySet()).as(name).isSubsetOf("done", "failed", "skipped");
        assertThat(counts.values().stream().mapToLong(Long::longValue).sum()).as(name).isEqualTo(stuck.size());
        assertThat(cloud.rows().rows(cloud.cinder(), """
                SELECT i.volume_id, i.state, i.detail, array_agg(j.state) AS told FROM reseat.job_item i
                LEFT JOIN reseat.journal j ON j.request_id = i.request_id AND j.subject_id = i.volume_id
                WHERE i.job = CAST(? AS uuid) GROUP BY i.id
                HAVING count(j.id) > 1 OR (i.state = 'done') <> (count(*) FILTER (WHERE j.state = 'done') = 1)
                    OR count(*) FILTER (WHERE j.state IN ('open', 'unknown')) > 0""", job)).as(name).isEmpty();
        List<String> halfDone = stuck.stream().flatMap(one -> wrong(cloud, job, one).stream()).toList();
        assertThat(halfDone).as(name).isEmpty();

        Program report = Program.run(
                Map.of("RESEAT_ENDPOINT", cloud.settings().endpoint(), "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                        CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                List.of(Distribution.program("reseat").toString(), "job", "report", job, "--json"));
        report.assertSucceeded();
        Map<String, Long> reported = new TreeMap<>();
        for (JsonNode item : JSON.readTree(report.out()).path("items")) {
            reported.merge(item.path("state").stringValue(), 1L, Long::sum);
        }
        assertThat(reported).as(name).isEqualTo(counts);
    }

    /** Rows, export and item of a volume say the same: all of it is done, or nothing is said to be. */
    private static Optional<String> wrong(Cloud cloud, String job, Attached one) {
        Map<String, Object> item = cloud.rows()
                .row(cloud.cinder(), "SELECT state, detail FROM reseat.job_item WHERE job = CAST(? AS uuid)"
                        + " AND volume_id = ?", job, one.volume());
        boolean available = cloud.volume(one.volume()).get("status").equals("available");
        boolean attached = cloud.liveAttachments(one.volume()) > 0;
        boolean exported = Files.exists(one.exports());
        boolean free = available && !attached && !exported;
        boolean right = item.get("state").equals("done") ? free : !available && attached;
        return right
                ? Optional.empty()
                : Optional.of(one + " is " + item + ", available " + available + ", attached " + attached
                        + ", exported " + exported);
    }

    /** Looks again and again at how much is in flight at once, by the rows that the limits are counted from. */
    private static final class LimitWatch implements AutoCloseable {
        private static final String MOST = """
                SELECT COALESCE(max(items) FILTER (WHERE host IS NOT NULL), 0) AS hosts,
                    COALESCE(max(items) FILTER (WHERE backend IS NOT NULL), 0) AS backends FROM (
                        SELECT host, backend, count(*) AS items FROM reseat.job_item
                        WHERE state IN ('running', 'unknown') GROUP BY GROUPING SETS ((host), (backend))) flight,
                    pg_sleep(0.01)""";

        private final Cloud cloud;
        private final AtomicInteger onHost = new AtomicInteger();
        private final AtomicInteger onBackend = new AtomicInteger();
        private final AtomicInteger seen = new AtomicInteger();
        private final AtomicBoolean over = new AtomicBoolean();
        private final Thread thread = Thread.ofVirtual().name("limits").unstarted(this::watch);

        private LimitWatch(Cloud cloud) {
            this.cloud = cloud;
        }

        static LimitWatch of(Cloud cloud) {
            var watch = new LimitWatch(cloud);
            watch.thread.start();
            return watch;
        }

        private void watch() {
            while (!over.get()) {
                try {
                    Map<String, Object> now = cloud.rows().row(cloud.cinder(), MOST);
                    onHost.accumulateAndGet(((Long) now.get("hosts")).intValue(), Math::max);
                    onBackend.accumulateAndGet(((Long) now.get("backends")).intValue(), Math::max);
                    seen.incrementAndGet();
                } catch (StoreException killed) {
                    Thread.onSpinWait(); // nothing can be in flight for a database that is not there
                }
            }
        }

        @Override
        public void close() {
            over.set(true);
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
