package dev.reseat.api.store.journal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry.Kind;
import dev.reseat.api.store.journal.JournalEntry.State;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.EmbeddedDatabase;
import dev.reseat.testing.OtherTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class JournalTableIT {
    private static final JournalTable JOURNAL = new JournalTable();
    private static final LeaseTable LEASES = new LeaseTable();
    private static final Duration TIME = Duration.ofHours(1);
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");
    // nobody has a lease of that number
    private static final long DEAD = 4_000_001;

    private static CloudFixture cloud;
    private static ProcessLeases owners;

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
        owners = leases();
        owners.start();
    }

    @AfterAll
    static void close() {
        owners.stop();
        cloud.close();
    }

    @Test
    void anEntryComesBackAsItWasWritten() {
        JournalEntry entry = new JournalEntry(
                UUID.randomUUID(),
                Kind.REFRESH,
                "vol-1",
                Optional.of("bdm-1"),
                "req-1",
                "user",
                "",
                Optional.of("stale"),
                stored("{\"dry\": false}"),
                stored("{\"status\": \"in-use\"}"),
                owners.own(),
                1,
                NOW,
                State.OPEN,
                Optional.empty(),
                Optional.empty());

        open(entry);

        assertThat(find(entry.id())).isEqualTo(entry);
        assertThat(cloud.cinder().<Optional<JournalEntry>>transaction(tx -> JOURNAL.find(tx, UUID.randomUUID())))
                .isEmpty();
    }

    @Test
    void aVolumeHasOneUnsettledEntryOfWhateverKind() {
        JournalEntry first = open(entry(Kind.RESET, "vol-busy", owners.own()));

        assertThatThrownBy(() -> open(entry(Kind.REFRESH, "vol-busy", owners.own())))
                .isInstanceOf(StoreException.Conflict.class)
                .hasMessageContaining("a reset");
        assertThatThrownBy(() -> open(entry(Kind.RESET, "vol-busy", owners.own())))
                .isInstanceOf(StoreException.Conflict.class)
                .hasMessageContaining("another repair of vol-busy is not settled yet")
                .hasMessageContaining(first.id().toString());
        cloud.cinder().run(tx -> JOURNAL.markUnknown(tx, first.claim(), "no answer", NOW));
        assertThatThrownBy(() -> open(entry(Kind.RESET, "vol-busy", owners.own())))
                .isInstanceOf(StoreException.Conflict.class)
                .hasMessageContaining("unknown");

        assertThat(closeEntry(first, State.SUPERSEDED)).isTrue();
        open(entry(Kind.RESET, "vol-busy", owners.own()));
    }

    @Test
    void ofTwoThatOpenAtOnceOneWaitsAndIsRefused() throws Exception {
        try (OtherTransaction first = OtherTransaction.on(cloud.cinder())) {
            first.run(tx -> {
                JOURNAL.open(tx, entry(Kind.RESET, "vol-race", DEAD));
                return true;
            });
            CompletableFuture<JournalEntry> second =
                    CompletableFuture.supplyAsync(() -> open(entry(Kind.RESET, "vol-race", owners.own())));
            first.awaitBlocked(cloud.cinder());
            first.commit();
            assertThatThrownBy(() -> second.get(10, SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StoreException.Conflict.class);
        }
    }

    @Test
    void anEntryIsSettledOnce() {
        JournalEntry entry = open(entry(Kind.RESET, "vol-once", owners.own()));

        assertThat(closeEntry(entry, State.DONE)).isTrue();
        assertThat(closeEntry(entry, State.FAILED)).isFalse();
        assertThat(cloud.cinder().<Boolean>transaction(tx -> JOURNAL.markUnknown(tx, entry.claim(), "late", NOW)))
                .isFalse();

        JournalEntry settled = find(entry.id());
        assertThat(settled.state()).isEqualTo(State.DONE);
        assertThat(settled.outcome()).contains("that was it");
        assertThat(settled.closedAt()).contains(NOW);
        assertThatThrownBy(() -> closeEntry(entry, State.OPEN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoWasReplacedCannotWriteAnyMore() {
        ProcessLeases slow = started();
        JournalEntry entry = open(entry(Kind.RESET, "vol-fenced", slow.own()));
        assertThat(step(entry.claim())).isTrue();
        expire(slow.own());

        Claim claim = adopt(entry.id(), owners.own()).orElseThrow();
        renew(slow);

        assertThat(claim.epoch()).isEqualTo(entry.epoch() + 1);
        assertThat(step(entry.claim())).as("a step").isFalse();
        assertThat(closeEntry(entry, State.DONE)).as("an outcome").isFalse();
        assertThat(markUnknown(entry.claim())).as("giving it up").isFalse();
        assertThat(cloud.cinder().<List<JournalStep>>transaction(tx -> JOURNAL.steps(tx, entry.id()))).hasSize(1);
        assertThat(find(entry.id()).state()).isEqualTo(State.OPEN);
        assertThat(close(claim, State.DONE)).isTrue();
        slow.stop();
    }

    @Test
    void whoseLeaseHasRunOutStopsWritingEvenIfNobodyCame() {
        ProcessLeases slow = started();
        JournalEntry entry = open(entry(Kind.RESET, "vol-lapsed", slow.own()));
        expire(slow.own());

        assertThat(step(entry.claim())).isFalse();
        assertThat(closeEntry(entry, State.DONE)).isFalse();

        renew(slow);
        assertThat(step(entry.claim())).as("nobody has adopted it meanwhile").isTrue();
        slow.stop();
    }

    @Test
    void aNewAttemptOfTheSameProcessFencesTheOldOne() {
        JournalEntry entry = open(entry(Kind.RESET, "vol-again", owners.own()));
        markUnknown(entry.claim());

        Claim again = adopt(entry.id(), owners.own()).orElseThrow();

        assertThat(find(entry.id()).state()).as("worked on").isEqualTo(State.OPEN);
        assertThat(step(entry.claim())).isFalse();
        assertThat(step(again)).isTrue();
    }

    @Test
    void whatALivingProcessOwnsIsNotAdopted() {
        ProcessLeases other = started();
        JournalEntry entry = open(entry(Kind.RESET, "vol-alive", other.own()));

        assertThat(adopt(entry.id(), owners.own())).isEmpty();

        other.stop();
        assertThat(adopt(entry.id(), owners.own())).as("its lease was given up").isPresent();
    }

    @Test
    void ofTwoThatAdoptOneGetsIt() throws Exception {
        ProcessLeases other = started();
        JournalEntry entry = open(entry(Kind.RESET, "vol-adopt", DEAD));
        try (OtherTransaction first = OtherTransaction.on(cloud.cinder())) {
            assertThat(first.<Optional<Claim>>run(tx -> JOURNAL.adopt(tx, entry.id(), other.own()))).isPresent();
            CompletableFuture<Optional<Claim>> second =
                    CompletableFuture.supplyAsync(() -> adopt(entry.id(), owners.own()));
            first.awaitBlocked(cloud.cinder());
            first.commit();
            assertThat(second.get(10, SECONDS)).isEmpty();
        }
        assertThat(find(entry.id()).owner()).isEqualTo(other.own());
        closeEntry(find(entry.id()), State.UNDONE);
        other.stop();
        assertThat(adopt(entry.id(), owners.own())).as("settled").isEmpty();
    }

    @Test
    void onlyOneOfThatKindAndOfUnknownOutcomeIsSuperseded() {
        JournalEntry reset = open(entry(Kind.RESET, "vol-sup-1", owners.own()));
        JournalEntry refresh = open(entry(Kind.REFRESH, "vol-sup-2", owners.own()));
        JournalEntry worked = open(entry(Kind.RESET, "vol-sup-3", owners.own()));
        markUnknown(reset.claim());
        markUnknown(refresh.claim());
        markUnknown(worked.claim());
        adopt(worked.id(), owners.own());

        for (String volume : List.of("vol-sup-1", "vol-sup-2", "vol-sup-3")) {
            cloud.cinder().run(tx -> JOURNAL.supersedeUnknown(tx, Set.of(Kind.RESET), volume, NOW));
        }

        assertThat(find(reset.id()).state()).isEqualTo(State.SUPERSEDED);
        assertThat(find(refresh.id()).state()).isEqualTo(State.UNKNOWN);
        assertThat(find(worked.id()).state()).as("somebody finds out at the moment").isEqualTo(State.OPEN);
    }

    @Test
    void unsettledAreOnesOwnAndThoseOfTheDead() {
        ProcessLeases other = started();
        JournalEntry mine = open(entry(Kind.RESET, "vol-mine", owners.own()));
        JournalEntry dead = open(entry(Kind.RESET, "vol-dead", DEAD));
        JournalEntry others = open(entry(Kind.RESET, "vol-others", other.own()));
        JournalEntry othersUnknown = open(entry(Kind.RESET, "vol-others-unknown", other.own()));
        JournalEntry done = open(entry(Kind.RESET, "vol-done", owners.own()));
        markUnknown(othersUnknown.claim());
        closeEntry(done, State.DONE);

        assertThat(unsettled())
                .contains(mine.id(), dead.id())
                .doesNotContain(others.id(), othersUnknown.id(), done.id());

        expire(other.own());
        assertThat(unsettled()).contains(others.id(), othersUnknown.id());
        other.stop();
    }

    @Test
    void aSubjectsEntriesComeLatestFirst() {
        JournalEntry first = open(entry(Kind.RESET, "vol-history", owners.own()));
        closeEntry(first, State.FAILED);
        JournalEntry second = entry(Kind.RESET, "vol-history", owners.own(), NOW.plusSeconds(1));
        open(second);

        assertThat(ofSubject("vol-history", 9)).containsExactly(second.id(), first.id());
        assertThat(ofSubject("vol-history", 1)).containsExactly(second.id());
    }

    @Test
    void stepsAreKeptInTheOrderWritten() {
        JournalEntry entry = open(entry(Kind.REFRESH, "vol-steps", owners.own()));

        cloud.cinder().run(tx -> {
            JOURNAL.step(tx, entry.claim(), "lock", Phase.BEGUN, "{}", NOW);
            JOURNAL.step(tx, entry.claim(), "lock", Phase.DONE, "{\"was\": \"unlocked\"}", NOW);
        });

        assertThat(cloud.cinder().<List<JournalStep>>transaction(tx -> JOURNAL.steps(tx, entry.id())))
                .containsExactly(
                        new JournalStep(entry.id(), "lock", Phase.BEGUN, "{}", NOW),
                        new JournalStep(entry.id(), "lock", Phase.DONE, stored("{\"was\": \"unlocked\"}"), NOW));
    }

    /** PostgreSQL has a way of its own to write what is equal. */
    private static String stored(String json) {
        return switch (EmbeddedDatabase.dialect()) {
            case POSTGRESQL -> json;
            case MARIADB -> json.replace(": ", ":");
        };
    }

    private static JournalEntry entry(Kind kind, String subject, long owner) {
        return entry(kind, subject, owner, NOW);
    }

    private static JournalEntry entry(Kind kind, String subject, long owner, Instant openedAt) {
        return new JournalEntry(
                UUID.randomUUID(),
                kind,
                subject,
                Optional.empty(),
                "req-1",
                "user",
                "project",
                Optional.empty(),
                "{}",
                "{}",
                owner,
                1,
                openedAt,
                State.OPEN,
                Optional.empty(),
                Optional.empty());
    }

    private static JournalEntry open(JournalEntry entry) {
        cloud.cinder().run(tx -> JOURNAL.open(tx, entry));
        return entry;
    }

    private static JournalEntry find(UUID id) {
        return cloud.cinder().transaction(tx -> JOURNAL.find(tx, id)).orElseThrow();
    }

    private static boolean closeEntry(JournalEntry entry, State state) {
        return close(entry.claim(), state);
    }

    private static boolean close(Claim claim, State state) {
        return cloud.cinder().transaction(tx -> JOURNAL.close(tx, claim, state, "that was it", NOW));
    }

    private static boolean markUnknown(Claim claim) {
        return cloud.cinder().transaction(tx -> JOURNAL.markUnknown(tx, claim, "no answer", NOW));
    }

    private static boolean step(Claim claim) {
        return cloud.cinder().transaction(tx -> JOURNAL.step(tx, claim, "driver", Phase.BEGUN, "{}", NOW));
    }

    private static Optional<Claim> adopt(UUID id, long owner) {
        return cloud.cinder().transaction(tx -> JOURNAL.adopt(tx, id, owner));
    }

    private static ProcessLeases leases() {
        return new ProcessLeases(cloud.database(), LEASES, new LeaseConfig(TIME));
    }

    private static ProcessLeases started() {
        ProcessLeases started = leases();
        started.start();
        return started;
    }

    /** As the database's clock sees a process that has not renewed its lease. */
    private static void expire(long owner) {
        cloud.execute(cloud.cinder(),
                "UPDATE reseat.lease SET expires_at = CURRENT_TIMESTAMP - INTERVAL '1' SECOND WHERE owner = ?", owner);
    }

    private static void renew(ProcessLeases leases) {
        assertThat(cloud.cinder().<Boolean>transaction(tx -> LEASES.renew(tx, leases.own(), TIME))).isTrue();
    }

    private static List<UUID> unsettled() {
        return cloud.cinder()
                .transaction(tx -> JOURNAL.unsettled(tx, owners.own()));
    }

    private static List<UUID> ofSubject(String subject, int limit) {
        return cloud.cinder()
                .transaction(tx -> JOURNAL.ofSubject(tx, subject, limit))
                .stream()
                .map(JournalEntry::id)
                .toList();
    }
}
