package dev.reseat.api.store.journal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.api.store.Transaction;
import dev.reseat.testing.CloudFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
final class ProcessLeasesIT {
    private static final LeaseTable TABLE = new LeaseTable();
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofHours(1);

    private static CloudFixture cloud;

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
    }

    @AfterAll
    static void close() {
        cloud.close();
    }

    @Test
    void anOwnerLivesFromStartToStop() {
        ProcessLeases first = started(LONG);
        ProcessLeases second = started(LONG);

        assertThat(first.own()).isNotEqualTo(second.own());
        assertThat(isAlive(second.own())).isTrue();

        second.stop();
        assertThat(isAlive(second.own())).isFalse();
        second.stop();
        assertThat(isAlive(first.own())).isTrue();
        first.stop();
    }

    @Test
    void aLeaseIsRenewedWhileItsProcessLives() {
        ProcessLeases owner = started(SHORT);
        cloud.execute(cloud.cinder(), "UPDATE reseat.lease SET expires_at = CURRENT_TIMESTAMP, renewed_at = renewed_at"
                + " - INTERVAL '1' HOUR WHERE owner = ?", owner.own());

        await("renewed_at > CURRENT_TIMESTAMP - INTERVAL '1' MINUTE AND expires_at > CURRENT_TIMESTAMP", owner.own());

        owner.stop();
    }

    @Test
    void aLeaseThatIsGoneIsFollowedByAnother() {
        ProcessLeases owner = started(SHORT);
        long before = owner.own();
        cloud.execute(cloud.cinder(), "DELETE FROM reseat.lease WHERE owner = ?", before);

        await("owner > ? AND expires_at > CURRENT_TIMESTAMP", before);

        owner.stop();
    }

    @Test
    void timeIsTheDatabases() {
        long owner = cloud.cinder().transaction(tx -> TABLE.take(tx, "test", Duration.ofSeconds(30)));

        assertThat(cloud.row(cloud.cinder(), "SELECT renewed_at = CURRENT_TIMESTAMP AS now,"
                + " expires_at - renewed_at = INTERVAL '30' SECOND AS thirty FROM reseat.lease"
                + " WHERE owner = ?", owner))
                .as("not this transaction's time any more, but the length is what was asked for")
                .containsEntry("now", false)
                .containsEntry("thirty", true);
        cloud.execute(cloud.cinder(), "UPDATE reseat.lease SET expires_at = renewed_at WHERE owner = ?", owner);
        assertThat(isAlive(owner)).isFalse();
    }

    /** The session's zone is that of whoever connects; a lease is the same moment in all of them. */
    @Test
    void aLeaseIsTheSameMomentInEveryZone() {
        long owner = cloud.cinder().transaction(tx -> {
            tx.handle().execute("SET LOCAL TIME ZONE 'Pacific/Kiritimati'");
            return TABLE.take(tx, "test", Duration.ofSeconds(30));
        });

        assertThat(cloud.cinder().<Boolean>transaction(tx -> {
            tx.handle().execute("SET LOCAL TIME ZONE 'Pacific/Pago_Pago'");
            return isAlive(tx, owner);
        })).isTrue();
        cloud.execute(cloud.cinder(),
                "UPDATE reseat.lease SET expires_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE owner = ?", owner);
        assertThat(isAlive(owner)).isFalse();
    }

    @Test
    void aKilledProcessKeepsItsLeaseUntilItRunsOut() throws Exception {
        Process process = otherProcess(cloud.databases().config());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long owner = Long.parseLong(CompletableFuture.supplyAsync(() -> firstLine(output)).get(60, SECONDS));
            assertThat(isAlive(owner)).isTrue();

            process.destroyForcibly();

            assertThat(process.waitFor(20, SECONDS)).isTrue();
            await("owner = ? AND expires_at <= CURRENT_TIMESTAMP", owner);
        } finally {
            process.destroyForcibly();
        }
    }

    /** What the other process does: it says its number, and lives until it is killed. */
    public static void main(String[] words) throws InterruptedException {
        Database database = new Database(new DatabaseConfig(
                DatabaseUrl.parse(words[0]), DatabaseUrl.parse(words[1]), 1, Duration.ofSeconds(5),
                Duration.ofSeconds(5), false));
        database.start();
        ProcessLeases owner = new ProcessLeases(database, TABLE, new LeaseConfig(SHORT));
        owner.start();
        System.out.println(owner.own());
        Thread.currentThread().join();
    }

    private static Process otherProcess(DatabaseConfig config) throws IOException {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ProcessLeasesIT.class.getName(),
                config.cinder().connection(),
                config.nova().connection())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String firstLine(BufferedReader output) {
        try {
            return output.lines().filter(line -> line.matches("\\d+")).findFirst().orElseThrow();
        } catch (NoSuchElementException ended) {
            throw new IllegalStateException("the other process ended before it had a number", ended);
        }
    }

    private static ProcessLeases started(Duration time) {
        ProcessLeases owners = new ProcessLeases(cloud.database(), TABLE, new LeaseConfig(time));
        owners.start();
        return owners;
    }

    private static boolean isAlive(long owner) {
        return cloud.cinder().transaction(tx -> isAlive(tx, owner));
    }

    private static boolean isAlive(Transaction tx, long owner) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM reseat.lease WHERE owner = ? AND expires_at > CURRENT_TIMESTAMP")
                .bind(0, owner)
                .mapTo(int.class)
                .one() == 1;
    }

    /** Waits, in the database, until a lease is as said. */
    private static void await(String condition, long owner) {
        String where = condition.contains("?") ? condition : "owner = ? AND " + condition;
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (cloud.rows(cloud.cinder(), "SELECT owner FROM reseat.lease, pg_sleep(0.02) WHERE " + where, owner)
                .isEmpty()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
