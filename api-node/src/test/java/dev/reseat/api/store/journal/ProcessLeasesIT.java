package dev.reseat.api.store.journal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseUrl;
import dev.reseat.testing.CloudFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
final class ProcessLeasesIT {
    private static final String BACKEND_OF = "SELECT held.pid FROM pg_locks held WHERE held.locktype = 'advisory'"
            + " AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            + " AND CAST(held.objid AS bigint) = ? AND held.objsubid = 2";

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
        ProcessLeases first = started();
        ProcessLeases second = started();

        assertThat(first.own()).isNotEqualTo(second.own());
        assertThat(isAlive(first, second.own())).isTrue();
        assertThat(isAlive(first, first.own())).isTrue();

        second.stop();
        await(() -> !isAlive(first, second.own()));
        second.stop();
        first.stop();
    }

    @Test
    void aKilledProcessIsDeadAtOnce() throws Exception {
        ProcessLeases here = started();
        Process process = otherProcess(cloud.databases().config());
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            long owner = Long.parseLong(
                    CompletableFuture.supplyAsync(() -> firstLine(output)).get(60, SECONDS));
            assertThat(isAlive(here, owner)).isTrue();

            process.destroyForcibly();

            assertThat(process.waitFor(20, SECONDS)).isTrue();
            await(() -> !isAlive(here, owner));
        } finally {
            process.destroyForcibly();
            here.stop();
        }
    }

    @Test
    void aLostConnectionIsMadeAnewAndTheNumberTakenAgain() {
        ProcessLeases owners = started();
        ProcessLeases other = started();
        int before = backend(owners.own());

        cloud.execute(cloud.cinder(), "SELECT pg_terminate_backend(?)", before);

        await(() -> backend(owners.own()) != before && isAlive(other, owners.own()));
        assertThat(isAlive(owners, owners.own())).isTrue();
        owners.stop();
        await(() -> !isAlive(other, owners.own()));
        other.stop();
    }

    /** What the other process does: it says its number, and lives until it is killed. */
    public static void main(String[] words) throws InterruptedException {
        DatabaseConfig config = cloudConfig(words[0], words[1]);
        ProcessLeases owners = new ProcessLeases(config);
        owners.start();
        System.out.println(owners.own());
        Thread.currentThread().join();
    }

    private static DatabaseConfig cloudConfig(String cinder, String nova) {
        return new DatabaseConfig(
                DatabaseUrl.parse(cinder),
                DatabaseUrl.parse(nova),
                1,
                Duration.ofSeconds(5),
                Duration.ofSeconds(5),
                false);
    }

    private static Process otherProcess(DatabaseConfig config) throws IOException {
        return new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ProcessLeasesIT.class.getName(),
                url(config.cinder()),
                url(config.nova()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String url(DatabaseUrl url) {
        String login = url.user().orElse("") + url.password().map(password -> ":" + password).orElse("");
        return "postgresql://" + login + "@" + url;
    }

    private static String firstLine(BufferedReader output) {
        try {
            return output.lines().filter(line -> line.matches("\\d+")).findFirst().orElseThrow();
        } catch (NoSuchElementException ended) {
            throw new IllegalStateException("the other process ended before it had a number", ended);
        }
    }

    private static ProcessLeases started() {
        ProcessLeases owners = new ProcessLeases(cloud.databases().config());
        owners.start();
        return owners;
    }

    private static boolean isAlive(ProcessLeases asker, long owner) {
        return cloud.cinder().transaction(tx -> asker.isAlive(tx, owner));
    }

    private static int backend(long owner) {
        return cloud.rows(cloud.cinder(), BACKEND_OF, owner)
                .stream()
                .mapToInt(row -> ((Number) row.get("pid")).intValue())
                .findFirst()
                .orElse(0);
    }

    /** Asks the server again and again: it needs a moment to see that a socket was closed. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }
}
