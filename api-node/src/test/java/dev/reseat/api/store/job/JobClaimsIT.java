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
import java.util.HashSet;
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

    private final Set<UUID> known = new HashSet<>();

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
    void whoGetsAsManyAsItAskedForIsToldThatMoreWait() {
        job("a", "b", "c");

        assertThat(toRun(2)).isEqualTo(new Taken(List.of("a", "b"), true));
        assertThat(toRun(2)).isEqualTo(new Taken(List.of("c"), false));
    }

    /** A refresh locks its instance. */
    @Test
    void ofOneInstanceThereIsOneAtATimeInAllJobs() {
        job(Optional.of("instance"), "a", "b");
        job(Optional.of("instance"), "c");
        job("d");

        List<JobItem> first = take(4);

        assertThat(first).extracting(item -> item.host().orElseThrow()).containsExactly("a", "d");
        assertThat(take(4)).isEmpty();
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET state = 'done' WHERE id = ?", first.getFirst().id());
        assertThat(take(4)).hasSize(1);
    }

    /** Whoever had it may be between its last look at the claim and its journal entry. */
    @Test
    void whatWasNotBegunIsBegunAgainUnderAnotherRequestId() {
        job("a");
        JobItem lost = take(1).getFirst();

        int settled = cloud.cinder().transaction(tx -> claims.settle(tx, new JobClaims.Hands(own, Set.of())));

        assertThat(settled).isEqualTo(1);
        JobItem again = take(1).getFirst();
        assertThat(again.id()).isEqualTo(lost.id());
        assertThat(again.requestId()).startsWith("req-").hasSameSizeAs(lost.requestId()).isNotEqualTo(lost.requestId());
    }

    @Test
    void whatWasMadeSinceTheJobsWereReadIsLeftForTheNextLook() {
        job("a");
        Set<UUID> made = Set.copyOf(known);
        known.clear();
        assertThat(toRun(2)).isEqualTo(new Taken(List.of(), false));

        known.addAll(made);
        assertThat(toRun(2)).isEqualTo(new Taken(List.of("a"), false));
    }

    @Test
    void norIsItPlanned() {
        UUID job = UUID.randomUUID();
        cloud.cinder().run(tx -> {
            jobs.insert(tx, job(job, Job.State.PLANNING));
            items.insert(tx, job, drafts(Optional.empty(), "a"));
        });

        assertThat(toPlan(Set.of())).isEmpty();
        assertThat(toPlan(Set.of(job))).extracting(JobItem::job).containsExactly(job);
    }

    private List<JobItem> toPlan(Set<UUID> jobsRead) {
        return cloud.cinder()
                .transaction(
                        tx -> claims.toPlan(tx, new JobClaims.Hands(own, Set.of()), jobsRead, 5));
    }

    private record Taken(List<String> hosts, boolean more) {}

    private Taken toRun(int limit) {
        JobClaims.Begun begun = begin(limit);
        List<String> hosts = begun.items().stream().map(JobItem::host).flatMap(Optional::stream).toList();
        return new Taken(hosts, begun.more());
    }

    private List<JobItem> take(int limit) {
        return begin(limit).items();
    }

    private JobClaims.Begun begin(int limit) {
        return cloud.cinder().transaction(tx -> {
            jobs.passGate(tx);
            return claims.toRun(tx, own, known, limit);
        });
    }

    /** One that runs, with a waiting item on each of these hosts. */
    private void job(String... hosts) {
        job(Optional.empty(), hosts);
    }

    private void job(Optional<String> instance, String... hosts) {
        Job job = job(UUID.randomUUID(), Job.State.RUNNING);
        cloud.cinder().run(tx -> {
            jobs.insert(tx, job);
            items.insert(tx, job.id(), drafts(instance, hosts));
            items.moveAll(tx, job.id(), Set.of(JobItem.State.NEW), JobItem.State.WAITING, Optional.empty());
            jobs.release(tx, job.id(), hosts.length);
        });
        known.add(job.id());
    }

    private static Job job(UUID id, Job.State state) {
        return new Job(
                id, Job.Action.RESET, "{}", "{}", new JobLimits(0, PER_HOST, 0, 0, 0), List.of(), Optional.empty(),
                "req-job", "user", "project", Optional.empty(), state, Optional.empty(), true, 0, Optional.empty(),
                Instant.now(), Optional.empty(), Optional.empty());
    }

    private static List<JobItemDraft> drafts(Optional<String> instance, String... hosts) {
        return IntStream.range(0, hosts.length)
                .mapToObj(i -> new JobItemDraft(
                        hosts[i] + "-" + i, Optional.empty(), instance, Optional.of(hosts[i]), Optional.empty(),
                        Optional.empty()))
                .toList();
    }
}
