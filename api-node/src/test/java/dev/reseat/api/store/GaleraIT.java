package dev.reseat.api.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItemDraft;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.store.job.JobClaims;
import dev.reseat.api.store.job.JobItemTable;
import dev.reseat.api.store.job.JobTable;
import dev.reseat.api.store.journal.CastStepKey;
import dev.reseat.api.store.journal.CastStepTable;
import dev.reseat.api.store.journal.Claim;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalTable;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.PrivateGalera;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two api-nodes' stores, each at a node of its own of a database cluster, which does not share locks. */
@Tag("database")
@Tag("slow")
final class GaleraIT {
    private static final int ROUNDS = 20;
    private static final Duration LONG = Duration.ofHours(1);

    private final JournalTable journal = new JournalTable();
    private final CastStepTable casts = new CastStepTable();
    private final LeaseTable leases = new LeaseTable();
    private final JobTable jobs = new JobTable();
    private final JobItemTable items = new JobItemTable();
    private final JobClaims claims = new JobClaims();

    @TempDir private Path directory;

    private PrivateGalera cluster;
    private Database one;
    private Database two;

    @BeforeEach
    void start() {
        assumeTrue(
                PrivateGalera.isInstalled() || "required".equals(System.getProperty("reseat.peers")),
                "mariadb-server, galera-4 or rsync is not installed");
        cluster = PrivateGalera.start(directory);
        DatabaseUrl server = cluster.first().url("mysql");
        EmbeddedDatabase.execute(server, "CREATE DATABASE cinder CHARACTER SET utf8mb3");
        EmbeddedDatabase.execute(server, "CREATE DATABASE nova CHARACTER SET utf8mb3");
        one = database(cluster.first().url("cinder"), cluster.first().url("nova"));
        two = database(cluster.second().url("cinder"), cluster.second().url("nova"));
    }

    private static Database database(DatabaseUrl cinder, DatabaseUrl nova) {
        Database database = new Database(
                new DatabaseConfig(cinder, nova, 6, Duration.ofSeconds(10), Duration.ofSeconds(60), true));
        database.start();
        return database;
    }

    @AfterEach
    void stop() {
        Stream.of(one, two).forEach(Database::stop);
        cluster.close();
    }

    @Test
    void whatOneNodeDecidesTheOtherKeepsTo() throws Exception {
        ofTwoRepairsOfAVolumeOneBegins();
        aWorkerIsAdmittedOrItsStepIsWithdrawn();
        ofTwoWhoAdoptAnEntryOneGetsIt();
        eachItemBeginsOnceAndTheLimitsHold();
        whatOneNodeHasCommittedTheOtherReadsAtOnce();
    }

    private void ofTwoRepairsOfAVolumeOneBegins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String volume = "vol-" + round;
            List<Boolean> begun = atOnce(() -> begins(one, volume), () -> begins(two, volume));
            assertThat(begun).containsExactlyInAnyOrder(true, false);
        }
    }

    private boolean begins(Database database, String volume) {
        try {
            database.cinder().run(tx -> journal.open(tx, entry(volume, 1)));
            return true;
        } catch (StoreException.Conflict other) {
            assertThat(other).hasMessageContaining("another repair of " + volume);
            return false;
        }
    }

    private boolean isAdmitted(Database node, JournalEntry entry) {
        var key = new CastStepKey(entry.id(), "driver", 1);
        return node.cinder().transaction(tx -> casts.admit(tx, List.of(key), Instant.now())).contains(key);
    }

    private void aWorkerIsAdmittedOrItsStepIsWithdrawn() throws Exception {
        long own = one.cinder().transaction(tx -> leases.take(tx, "one", LONG));
        for (int round = 0; round < ROUNDS; round++) {
            JournalEntry entry = entry("cast-" + round, own);
            one.cinder().run(tx -> {
                journal.open(tx, entry);
                casts.send(tx, entry.claim(), "driver", LONG, Instant.now());
            });

            List<Boolean> answers = atOnce(
                    () -> isAdmitted(one, entry),
                    () -> two.cinder().transaction(tx -> casts.withdraw(tx, entry.id(), 9).isPresent()));

            assertThat(answers.getLast()).as("it waits, so it can be withdrawn").isTrue();
            assertThat(isAdmitted(two, entry)).as("and nobody is admitted from then on").isFalse();
            assertThat(two.cinder()
                    .transaction(tx -> casts.find(tx, entry.id(), "driver", 1))
                    .orElseThrow()
                    .admitted())
                    .as("who withdraws sees every admission")
                    .isEqualTo(answers.getFirst());
        }
    }

    private void ofTwoWhoAdoptAnEntryOneGetsIt() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            JournalEntry entry = entry("left-" + round, 4_000_001);
            one.cinder().run(tx -> journal.open(tx, entry));

            List<Boolean> adopted = atOnce(
                    () -> adopt(one, entry, one.cinder().transaction(tx -> leases.take(tx, "one", LONG))),
                    () -> adopt(two, entry, two.cinder().transaction(tx -> leases.take(tx, "two", LONG))));

            assertThat(adopted).containsExactlyInAnyOrder(true, false);
        }
    }

    private boolean adopt(Database database, JournalEntry entry, long own) {
        Optional<Claim> claim = database.cinder().transaction(tx -> journal.adopt(tx, entry.id(), own));
        return claim.isPresent();
    }

    private void eachItemBeginsOnceAndTheLimitsHold() throws Exception {
        UUID job = UUID.randomUUID();
        int count = 40;
        one.cinder().run(tx -> {
            jobs.insert(tx, job(job));
            items.insert(tx, job, IntStream.range(0, count).mapToObj(GaleraIT::draft).toList());
            items.moveAll(tx, job, Set.of(JobItem.State.NEW), JobItem.State.WAITING, Optional.empty());
            jobs.release(tx, job, count);
        });

        List<List<Long>> begun = atOnce(() -> runAll(one, job), () -> runAll(two, job));

        assertThat(begun.stream().flatMap(List::stream).toList()).hasSize(count).doesNotHaveDuplicates();
    }

    /** Takes items and ends them until there are none. */
    private List<Long> runAll(Database database, UUID job) {
        long own = database.cinder().transaction(tx -> leases.take(tx, "runs", LONG));
        List<Long> begun = new ArrayList<>();
        boolean goesOn = true;
        while (goesOn) {
            List<JobItem> taken = database.cinder().transaction(tx -> {
                jobs.passGate(tx);
                List<JobItem> some = claims.toRun(tx, own, Set.of(job), 3).items();
                int inFlight = tx.handle()
                        .createQuery("SELECT count(*) FROM reseat.job_item WHERE state = 'running'")
                        .mapTo(int.class)
                        .one();
                assertThat(inFlight).as("two on a host, of which there is one").isLessThanOrEqualTo(2);
                return some;
            });
            for (JobItem item : taken) {
                assertThat(database.cinder()
                        .<Boolean>transaction(tx -> claims.ran(
                                tx, item, JobItem.State.DONE, Optional.empty(), "done", Duration.ZERO)))
                        .isTrue();
                begun.add(item.id());
            }
            goesOn = database.cinder()
                    .transaction(tx -> tx.handle()
                            .createQuery("SELECT EXISTS (SELECT 1 FROM reseat.job_item WHERE state = 'waiting')")
                            .mapTo(boolean.class)
                            .one());
        }
        return begun;
    }

    private void whatOneNodeHasCommittedTheOtherReadsAtOnce() {
        for (int round = 0; round < ROUNDS; round++) {
            JournalEntry entry = entry("seen-" + round, 1);
            one.cinder().run(tx -> journal.open(tx, entry));
            assertThat(two.cinder().<Optional<JournalEntry>>transaction(tx -> journal.find(tx, entry.id())))
                    .isPresent();
        }
    }

    @Test
    void aNodeThatDiesTakesNothingWithItAndIsDoneWithout() throws Exception {
        Database both = database(
                several(cluster.first().url("cinder")), several(cluster.first().url("nova")));
        try {
            long own = both.cinder().transaction(tx -> leases.take(tx, "dies", Duration.ofSeconds(1)));
            JournalEntry entry = entry("vol", own);
            both.cinder().run(tx -> journal.open(tx, entry));

            cluster.first().kill();

            assertThatThrownBy(() -> one.cinder().check()).isInstanceOf(StoreException.Unavailable.class);
            long other = again(() -> two.cinder().transaction(tx -> leases.take(tx, "goes on", LONG)));
            Claim adopted = again(() -> two.cinder()
                    .<Optional<Claim>>transaction(tx -> journal.adopt(tx, entry.id(), other))
                    .orElseThrow(() -> new StoreException.Conflict("the lease has not ended yet")));
            assertThat(adopted).isEqualTo(new Claim(entry.id(), other, 2));
            assertThat(again(() -> both.cinder()
                    .<Boolean>transaction(tx -> journal.close(
                            tx, entry.claim(), JournalEntry.State.DONE, "late", Instant.now()))))
                    .as("who was cut off has lost it, also by way of the other node")
                    .isFalse();
        } finally {
            both.stop();
        }
    }

    private DatabaseUrl several(DatabaseUrl url) {
        return url.withServer(url.server() + ",127.0.0.1:" + cluster.second().port());
    }

    /** The cluster takes its time to notice that a node is gone. */
    private static <T> T again(Callable<T> work) throws Exception {
        long end = System.nanoTime() + SECONDS.toNanos(60);
        while (true) {
            try {
                return work.call();
            } catch (StoreException notYet) {
                if (System.nanoTime() > end) {
                    throw notYet;
                }
                CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(100, MILLISECONDS)).join();
            }
        }
    }

    private static <T> List<T> atOnce(Callable<T> first, Callable<T> second) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        List<CompletableFuture<T>> both = Stream.of(first, second).map(work -> CompletableFuture.supplyAsync(() -> {
            try {
                start.await(20, SECONDS);
                return work.call();
            } catch (RuntimeException failure) {
                throw failure;
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            }
        }, task -> Thread.ofVirtual().start(task))).toList();
        try {
            return List.of(both.getFirst().get(120, SECONDS), both.getLast().get(120, SECONDS));
        } catch (ExecutionException failure) {
            throw new AssertionError(failure.getCause());
        }
    }

    private static JournalEntry entry(String volume, long owner) {
        return new JournalEntry(
                UUID.randomUUID(), JournalEntry.Kind.RESET, volume, Optional.empty(), "req-1", "user", "project",
                Optional.empty(), "{}", "{}", owner, 1, Instant.now(), JournalEntry.State.OPEN, Optional.empty(),
                Optional.empty());
    }

    private static Job job(UUID id) {
        return new Job(
                id, Job.Action.RESET, "{}", "{}", new JobLimits(0, 2, 0, 0, 0), List.of(), Optional.empty(), "req-job",
                "user", "project", Optional.empty(), Job.State.RUNNING, Optional.empty(), true, 0, Optional.empty(),
                Instant.now(), Optional.empty(), Optional.empty());
    }

    private static JobItemDraft draft(int number) {
        return new JobItemDraft(
                "item-" + number, Optional.empty(), Optional.empty(), Optional.of("host-a"), Optional.of("backend"),
                Optional.empty());
    }
}
