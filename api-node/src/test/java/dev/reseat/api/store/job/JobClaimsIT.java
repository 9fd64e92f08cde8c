package dev.reseat.api.store.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Job;
import dev.reseat.api.model.JobItem;
import dev.reseat.api.model.JobItemDraft;
import dev.reseat.api.model.JobLimits;
import dev.reseat.api.store.journal.LeaseTable;
import dev.reseat.testing.CloudFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class JobClaimsIT {
    private static final int PER_HOST = 2;

    private final JobTable jobs = new JobTable();
    private final JobItemTable items = new JobItemTable();
    private final JobClaims claims = new JobClaims();

    private CloudFixture cloud;
    private long own;

    @BeforeEach
    void open() {
        cloud = CloudFixture.open();
        own = cloud.cinder().transaction(tx -> new LeaseTable().take(tx, "claims", Duration.ofHours(1)));
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void whoMayTakeMoreThanTheFirstHostsLimitIsToldToAskForTheOthers() {
        job("busy", "busy", "busy", "busy", "quiet");

        assertThat(toRun(4)).isEqualTo(new Taken(List.of("busy", "busy"), true));
        assertThat(toRun(2)).isEqualTo(new Taken(List.of("quiet"), false));
        assertThat(toRun(2)).isEqualTo(new Taken(List.of(), false));
    }

    @Test
    void whoGetsAsManyAsItMayTakeNeedNotAskAgain() {
        job("a", "b", "c");

        assertThat(toRun(2)).isEqualTo(new Taken(List.of("a", "b"), false));
        assertThat(toRun(2)).isEqualTo(new Taken(List.of("c"), false));
    }

    private record Taken(List<String> hosts, boolean more) {}

    private Taken toRun(int limit) {
        return cloud.cinder().transaction(tx -> {
            jobs.passGate(tx);
            JobClaims.Begun begun = claims.toRun(tx, own, limit);
            List<String> hosts = begun.items().stream().map(JobItem::host).flatMap(Optional::stream).toList();
            return new Taken(hosts, begun.more());
        });
    }

    /** One that runs, with a waiting item on each of these hosts. */
    private void job(String... hosts) {
        var job = new Job(
                UUID.randomUUID(), Job.Action.RESET, "{}", "{}", new JobLimits(0, PER_HOST, 0, 0, 0), List.of(),
                Optional.empty(), "req-job", "user", "project", Optional.empty(), Job.State.RUNNING, Optional.empty(),
                true, 0, Optional.empty(), Instant.now(), Optional.empty(), Optional.empty());
        List<JobItemDraft> drafts = IntStream.range(0, hosts.length)
                .mapToObj(i -> new JobItemDraft(
                        "volume-" + i, Optional.empty(), Optional.empty(), Optional.of(hosts[i]), Optional.empty(),
                        Optional.empty()))
                .toList();
        cloud.cinder().run(tx -> {
            jobs.insert(tx, job);
            items.insert(tx, job.id(), drafts);
            items.moveAll(tx, job.id(), Set.of(JobItem.State.NEW), JobItem.State.WAITING, Optional.empty());
            jobs.release(tx, job.id(), hosts.length);
        });
    }
}
