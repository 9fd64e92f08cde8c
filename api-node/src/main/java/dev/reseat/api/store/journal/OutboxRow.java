package dev.reseat.api.store.journal;

import java.time.Instant;
import java.util.UUID;

/** A notification that was committed with the change it tells of, and is still to be sent. */
public record OutboxRow(UUID id, String json, Instant createdAt) {}
