package dev.reseat.api.store.journal;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * The right to write an entry. It ends when the owner's lease runs out, and for good when somebody adopts the entry,
 * which raises its epoch.
 */
public record Claim(UUID entry, long owner, long epoch) {
    public Claim {
        requireNonNull(entry, "entry is null");
    }
}
