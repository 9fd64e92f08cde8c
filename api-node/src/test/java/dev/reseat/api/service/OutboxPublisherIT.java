package dev.reseat.api.service;

import static dev.reseat.api.service.ServiceFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Volume;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.rpc.notification.NotificationConfig;
import dev.reseat.rpc.notification.Notifier;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("database")
final class OutboxPublisherIT {
    private final ServiceFixture fixture = new ServiceFixture();
    private final OutboxTable table = new OutboxTable();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "\"text\"", "{\"publisher_id\": \"p\", \"event_type\": \"e\", \"payload\": {},"
            + " \"context\": {}, \"time\": \"yesterday\"}"})
    void whatCannotBeReadIsSetAsideAndTheRestGoesOn(String broken) {
        UUID unreadable = UUID.randomUUID();
        fixture.database.cinder().run(tx -> table.insert(tx, unreadable, broken, Instant.now()));
        insertReadable();
        OutboxPublisher publisher = publisher(NotificationConfig.NONE);

        publisher.publishAll();

        assertThat(fixture.cloud.rows(fixture.cloud.cinder(), "SELECT id, parked_because FROM reseat.outbox"))
                .singleElement()
                .satisfies(row -> assertThat(row).containsEntry("id", unreadable))
                .satisfies(row -> assertThat(row.get("parked_because").toString()).isNotBlank());
        assertThat(publisher.parked()).isEqualTo(1);
        assertThat(fixture.meters.counter("reseat.outbox.parked").count()).isEqualTo(1);
        publisher.publishAll();
        assertThat(fixture.meters.counter("reseat.outbox.parked").count()).as("not looked at again").isEqualTo(1);
    }

    @Test
    void whatTheBrokerDoesNotTakeStaysForTheNextOne() {
        insertReadable();
        fixture.transport.close();

        publisher(new NotificationConfig(
                Set.of(NotificationConfig.Driver.MESSAGINGV2), List.of("notifications"), 0)).publishAll();

        assertThat(fixture.cloud.rows(fixture.cloud.cinder(),
                "SELECT claimed_until FROM reseat.outbox WHERE parked_because IS NULL"))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row).containsEntry("claimed_until", null));
    }

    private OutboxPublisher publisher(NotificationConfig config) {
        return new OutboxPublisher(
                fixture.database, table, new Notifier(fixture.transport, fixture.codec, "openstack", config),
                fixture.meters);
    }

    /** A start and an end. */
    private void insertReadable() {
        Volume volume = fixture.volume(fixture.cloud.volume("error"));
        fixture.database.cinder().run(tx -> fixture.outbox.volumeReset(tx, ADMIN, volume, volume));
    }
}
