package dev.reseat.api.store.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.OtherTransaction;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("database")
@Tag("any-database")
final class OutboxTableIT {
    private static final OutboxTable OUTBOX = new OutboxTable();
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00.123456Z");

    private static final Duration TIME = Duration.ofHours(1);

    private CloudFixture cloud;

    @BeforeEach
    void open() {
        cloud = CloudFixture.open();
    }

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void messagesAreClaimedOldestFirstAndAsWritten() {
        UUID first = insert("{\"b\": 1, \"a\":  2}");
        UUID second = insert("{}");
        insert("{}");

        assertThat(claim(2))
                .containsExactly(new OutboxRow(first, "{\"b\": 1, \"a\":  2}", NOW), new OutboxRow(second, "{}", NOW));

        cloud.cinder().run(tx -> OUTBOX.release(tx, List.of(second)));
        cloud.cinder().run(tx -> OUTBOX.delete(tx, List.of(first)));
        cloud.cinder().run(tx -> OUTBOX.delete(tx, List.of(first)));
        assertThat(claim(1)).extracting(OutboxRow::id).containsExactly(second);
    }

    @Test
    void whatOneHasClaimedAnotherDoesNotSeeUntilTheClaimIsOver() throws Exception {
        UUID first = insert("{}");
        UUID second = insert("{}");

        try (OtherTransaction sender = OtherTransaction.on(cloud.cinder())) {
            assertThat(sender.<List<OutboxRow>>run(tx -> OUTBOX.claim(tx, 1, TIME))).extracting(OutboxRow::id)
                    .containsExactly(first);
            assertThat(claim(5)).extracting(OutboxRow::id).containsExactly(second);
            sender.commit();
        }
        assertThat(claim(5)).as("claimed after the transaction too").isEmpty();

        cloud.execute(cloud.cinder(), "UPDATE reseat.outbox SET claimed_until = CURRENT_TIMESTAMP WHERE id = ?", first);
        assertThat(claim(5)).extracting(OutboxRow::id).containsExactly(first);
        cloud.cinder().run(tx -> OUTBOX.release(tx, List.of(second)));
        assertThat(claim(5)).extracting(OutboxRow::id).containsExactly(second);
    }

    @Test
    void whatIsParkedIsKeptAndCounted() {
        UUID broken = insert("[]");
        UUID good = insert("{}");

        cloud.cinder().run(tx -> OUTBOX.park(tx, broken, "no object"));

        assertThat(claim(5)).extracting(OutboxRow::id).containsExactly(good);
        assertThat(cloud.cinder().<Integer>transaction(OUTBOX::countParked)).isEqualTo(1);
    }

    private UUID insert(String json) {
        UUID id = UUID.randomUUID();
        cloud.cinder().run(tx -> OUTBOX.insert(tx, id, json, NOW));
        return id;
    }

    private List<OutboxRow> claim(int limit) {
        return cloud.cinder().transaction(tx -> OUTBOX.claim(tx, limit, TIME));
    }
}
