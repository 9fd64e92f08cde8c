package dev.reseat.api.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Backlog;
import dev.reseat.api.model.Job;
import dev.reseat.testing.CloudFixture;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How much waits, and since when. */
@Tag("database")
@Tag("any-database")
class BacklogReaderIT {
    private final CloudFixture cloud = CloudFixture.open();
    private final BacklogReader reader = new BacklogReader();

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void nothingWaitsWhereThereIsNothing() {
        assertThat(read(BacklogReader::journal)).isEqualTo(new Backlog(0, Duration.ZERO));
        assertThat(read(BacklogReader::outbox)).isEqualTo(new Backlog(0, Duration.ZERO));
        assertThat(read(BacklogReader::jobs)).isEqualTo(new Backlog(0, Duration.ZERO));
        assertThat(read(BacklogReader::jobStates)).isEmpty();
    }

    @Test
    void theOldestUnsettledRepairCounts() {
        journal("open", 100);
        journal("unknown", 5000);
        journal("done", 90_000);

        assertThat(read(BacklogReader::journal)).satisfies(backlog -> isAbout(backlog, 2, 5000));
    }

    @Test
    void whatIsSetAsideDoesNotWait() {
        outbox(null, 700);
        outbox("cannot be read", 90_000);

        assertThat(read(BacklogReader::outbox)).satisfies(backlog -> isAbout(backlog, 1, 700));
    }

    @Test
    void aJobMovesWhenAnItemBeginsOrEnds() {
        String moving = job("running", 90_000, null);
        item(moving, 0, 3000, 2900);
        item(moving, 1, 50, null);
        assertThat(read(BacklogReader::jobs)).satisfies(backlog -> isAbout(backlog, 1, 50));

        String stalled = job("running", 90_000, null);
        item(stalled, 0, 4000, 3900);
        job("running", 90_000, -600);
        job("paused", 90_000, null);
        assertThat(read(BacklogReader::jobs)).satisfies(backlog -> isAbout(backlog, 2, 3900));
        assertThat(read(BacklogReader::jobStates)).isEqualTo(Map.of(Job.State.RUNNING, 3, Job.State.PAUSED, 1));
    }

    private <T> T read(BiFunction<BacklogReader, Transaction, T> question) {
        return cloud.cinder().transaction(tx -> question.apply(reader, tx));
    }

    private static void isAbout(Backlog backlog, int count, long seconds) {
        assertThat(backlog.count()).isEqualTo(count);
        assertThat(backlog.age().toSeconds()).isBetween(seconds, seconds + 40);
    }

    private void journal(String state, long ago) {
        cloud.execute(cloud.cinder(), """
                INSERT INTO reseat.journal (id, kind, subject_id, request_id, user_id, project_id, request, "before",
                    owner, opened_at, state)
                VALUES (?, 'reset', ?, 'req-1', 'u', 'p', '{}', '{}', 1, %s, ?)""".formatted(past(ago)),
                UUID.randomUUID(), UUID.randomUUID().toString(), state);
    }

    private void outbox(String parked, long ago) {
        cloud.execute(
                cloud.cinder(), "INSERT INTO reseat.outbox (id, message, created_at, parked_because) VALUES (?, '{}', "
                        + past(ago) + ", ?)",
                UUID.randomUUID(), parked);
    }

    private String job(String state, long ago, Integer notBefore) {
        UUID id = UUID.randomUUID();
        cloud.execute(cloud.cinder(), """
                INSERT INTO reseat.job (id, action, selector, request, limits, notes, request_id, user_id, project_id,
                    state, not_before, created_at)
                VALUES (?, 'reset', '{}', '{}', '{}', '[]', 'req-1', 'u', 'p', ?, %s, %s)"""
                .formatted(notBefore == null ? "NULL" : past(notBefore), past(ago)), id, state);
        return id.toString();
    }

    private void item(String job, int position, long begun, Integer ended) {
        cloud.execute(cloud.cinder(), """
                INSERT INTO reseat.job_item (job, position, volume_id, request_id, state, started_at, ended_at)
                VALUES (?, ?, ?, 'req-1', ?, %s, %s)"""
                .formatted(past(begun), ended == null ? "NULL" : past(ended)),
                UUID.fromString(job), position, UUID.randomUUID().toString(), ended == null ? "running" : "done");
    }

    private static String past(long seconds) {
        return "<utc> - INTERVAL '" + seconds + "' SECOND";
    }
}
