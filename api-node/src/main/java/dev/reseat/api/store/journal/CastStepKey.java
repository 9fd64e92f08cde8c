package dev.reseat.api.store.journal;

import java.util.UUID;

/** One cast of a step of a journal entry. */
public record CastStepKey(UUID entry, String step, long epoch) {}
