package dev.reseat.api.service;

import static java.util.Objects.requireNonNull;

import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.object.VolumeUsage;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.journal.OutboxRow;
import dev.reseat.api.store.journal.OutboxTable;
import dev.reseat.contract.Secrets;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Notifications, written in the transaction that makes them true; {@link OutboxPublisher} sends them afterwards. */
final class Outbox {
    private final OutboxTable table;
    private final InstantSource clock;
    private final Names names;

    @Inject
    Outbox(OutboxTable table, InstantSource clock, Names names) {
        this.table = table;
        this.clock = clock;
        this.names = names;
    }

    /** This node's name in what it publishes. */
    record Names(String host) {}

    /** One stored notification. */
    record Stored(
            String publisherId, String eventType, Map<String, Object> payload, Map<String, Object> context,
            String time) {
        Stored {
            requireNonNull(publisherId, "publisherId is null");
            requireNonNull(eventType, "eventType is null");
            requireNonNull(payload, "payload is null");
            requireNonNull(context, "context is null");
            requireNonNull(time, "time is null");
        }
    }

    /** {@code volume.reset_status.start} and {@code .end}, with the volume before and after. */
    void volumeReset(Transaction tx, RequestContext context, Volume before, Volume after) {
        table.insertAll(
                tx, List.of(
                        row(context, "volume.reset_status.start", before),
                        row(context, "volume.reset_status.end", after)));
    }

    private OutboxRow row(RequestContext context, String eventType, Volume volume) {
        Instant now = clock.instant();
        var stored = new Stored(
                "volume." + names.host(), eventType, Secrets.masked(VolumeUsage.payload(volume)),
                context.redacted().values(),
                now.toString());
        return new OutboxRow(UUID.randomUUID(), JsonText.of(stored), now);
    }
}
