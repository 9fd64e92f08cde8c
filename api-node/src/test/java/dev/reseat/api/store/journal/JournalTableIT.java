package dev.reseat.api.store.journal;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry.Kind;
import dev.reseat.api.store.journal.JournalEntry.State;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.OtherTransaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
final class JournalTableIT {
    private static final JournalTable JOURNAL = new JournalTable();
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");
    // nobody holds its lock
    private static final long DEAD = 4_000_001;

    private static CloudFixture cloud;
    private static ProcessLeases owners;

    @BeforeAll
    static void open() {
        cloud = CloudFixture.open();
        owners = new ProcessLeases(cloud.databases().config());
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
                "bdm-1",
                "req-1",
                "user",
                "",
                Optional.of("stale"),
                "{\"dry\": false}",
                "{\"status\": \"in-use\"}",
                owners.own(),
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
    void aSubjectHasOneUnsettledEntryOfAKind() {
        JournalEntry first = open(entry(Kind.RESET, "vol-busy", owners.own()));
        open(entry(Kind.REFRESH, "vol-busy", owners.own()));

        assertThatThrownBy(() -> open(entry(Kind.RESET, "vol-busy", owners.own())))
                .isInstanceOf(StoreException.Conflict.class)
                .hasMessageContaining("another reset of vol-busy is not settled yet")
                .hasMessageContaining(first.id().toString());
        cloud.cinder().run(tx -> JOURNAL.markUnknown(tx, first.id(), "no answer", NOW));
        assertThatThrownBy(() -> open(entry(Kind.RESET, "vol-busy", owners.own())))
                .isInstanceOf(StoreException.Conflict.class)
                .hasMessageContaining("unknown");

        assertThat(closeEntry(first.id(), State.SUPERSEDED)).isTrue();
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

        assertThat(closeEntry(entry.id(), State.DONE)).isTrue();
        assertThat(closeEntry(entry.id(), State.FAILED)).isFalse();
        assertThat(cloud.cinder().<Boolean>transaction(tx -> JOURNAL.markUnknown(tx, entry.id(), "late", NOW)))
                .isFalse();

        JournalEntry settled = find(entry.id());
        assertThat(settled.state()).isEqualTo(State.DONE);
        assertThat(settled.outcome()).contains("that was it");
        assertThat(settled.closedAt()).contains(NOW);
        assertThatThrownBy(() -> closeEntry(entry.id(), State.OPEN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whoWasReplacedCannotSettleAnyMore() {
        JournalEntry entry = open(entry(Kind.RESET, "vol-fenced", DEAD));

        assertThat(adopt(entry.id(), DEAD, owners.own())).isTrue();

        assertThat(closeAs(entry.id(), DEAD)).isFalse();
        assertThat(closeAs(entry.id(), owners.own())).isTrue();
    }

    @Test
    void ofTwoThatAdoptOneGetsIt() {
        JournalEntry entry = open(entry(Kind.RESET, "vol-adopt", DEAD));

        assertThat(adopt(entry.id(), DEAD, 4_000_002)).isTrue();
        assertThat(adopt(entry.id(), DEAD, 4_000_003)).isFalse();
        assertThat(find(entry.id()).owner()).isEqualTo(4_000_002);
        closeEntry(entry.id(), State.UNDONE);
        assertThat(adopt(entry.id(), 4_000_002, 4_000_003)).isFalse();
    }

    @Test
    void unsettledAreOnesOwnAndThoseOfTheDead() {
        ProcessLeases other = new ProcessLeases(cloud.databases().config());
        other.start();
        JournalEntry mine = open(entry(Kind.RESET, "vol-mine", owners.own()));
        JournalEntry dead = open(entry(Kind.RESET, "vol-dead", DEAD));
        JournalEntry unknown = open(entry(Kind.RESET, "vol-unknown", DEAD));
        JournalEntry others = open(entry(Kind.RESET, "vol-others", other.own()));
        JournalEntry othersUnknown = open(entry(Kind.RESET, "vol-others-unknown", other.own()));
        JournalEntry done = open(entry(Kind.RESET, "vol-done", DEAD));
        for (JournalEntry entry : List.of(unknown, othersUnknown)) {
            cloud.cinder().run(tx -> JOURNAL.markUnknown(tx, entry.id(), "no answer", NOW));
        }
        closeEntry(done.id(), State.DONE);

        assertThat(unsettled())
                .contains(mine.id(), dead.id(), unknown.id())
                .doesNotContain(others.id(), othersUnknown.id(), done.id());

        other.stop();
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (!unsettled().containsAll(List.of(others.id(), othersUnknown.id()))) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
    }

    @Test
    void itsOwnerGoesOnWithAnUnknownEntry() {
        JournalEntry entry = open(entry(Kind.RESET, "vol-reopened", owners.own()));
        cloud.cinder().run(tx -> JOURNAL.markUnknown(tx, entry.id(), "no answer", NOW));

        assertThat(find(entry.id()).outcome()).contains("no answer");
        assertThat(reopen(entry.id(), DEAD)).isFalse();
        assertThat(reopen(entry.id(), owners.own())).isTrue();
        assertThat(reopen(entry.id(), owners.own())).isFalse();
        assertThat(find(entry.id()).outcome()).isEmpty();
    }

    @Test
    void aSubjectsEntriesComeLatestFirst() {
        JournalEntry first = open(entry(Kind.RESET, "vol-history", owners.own()));
        closeEntry(first.id(), State.FAILED);
        JournalEntry second = entry(Kind.RESET, "vol-history", owners.own(), NOW.plusSeconds(1));
        open(second);

        assertThat(ofSubject("vol-history", 9)).containsExactly(second.id(), first.id());
        assertThat(ofSubject("vol-history", 1)).containsExactly(second.id());
    }

    @Test
    void stepsAreKeptInTheOrderWritten() {
        JournalEntry entry = open(entry(Kind.REFRESH, "bdm-steps", owners.own()));

        cloud.cinder().run(tx -> {
            JOURNAL.step(tx, entry.id(), "lock", Phase.BEGUN, "{}", NOW);
            JOURNAL.step(tx, entry.id(), "lock", Phase.DONE, "{\"was\": \"unlocked\"}", NOW);
        });

        assertThat(cloud.cinder().<List<JournalStep>>transaction(tx -> JOURNAL.steps(tx, entry.id())))
                .containsExactly(
                        new JournalStep(entry.id(), "lock", Phase.BEGUN, "{}", NOW),
                        new JournalStep(entry.id(), "lock", Phase.DONE, "{\"was\": \"unlocked\"}", NOW));
    }

    private static JournalEntry entry(Kind kind, String subject, long owner) {
        return entry(kind, subject, owner, NOW);
    }

    private static JournalEntry entry(Kind kind, String subject, long owner, Instant openedAt) {
        return new JournalEntry(
                UUID.randomUUID(),
                kind,
                subject,
                "req-1",
                "user",
                "project",
                Optional.empty(),
                "{}",
                "{}",
                owner,
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

    private static boolean closeEntry(UUID id, State state) {
        return cloud.cinder().transaction(tx -> JOURNAL.close(tx, id, state, "that was it", NOW));
    }

    private static boolean closeAs(UUID id, long owner) {
        return cloud.cinder().transaction(tx -> JOURNAL.close(tx, id, owner, State.DONE, "that was it", NOW));
    }

    private static boolean adopt(UUID id, long from, long to) {
        return cloud.cinder().transaction(tx -> JOURNAL.adopt(tx, id, from, to));
    }

    private static boolean reopen(UUID id, long owner) {
        return cloud.cinder().transaction(tx -> JOURNAL.reopen(tx, id, owner));
    }

    private static List<UUID> unsettled() {
        return cloud.cinder()
                .transaction(tx -> JOURNAL.unsettled(tx, owners.own()))
                .stream()
                .map(JournalEntry::id)
                .toList();
    }

    private static List<UUID> ofSubject(String subject, int limit) {
        return cloud.cinder()
                .transaction(tx -> JOURNAL.ofSubject(tx, subject, limit))
                .stream()
                .map(JournalEntry::id)
                .toList();
    }
}
