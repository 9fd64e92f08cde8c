package dev.reseat.api.store.journal;

import java.util.UUID;

/** What the worker of a step that was cast tells of it. */
public record CastReport(UUID entry, CastStepRow told) {
    CastStepKey key() {
        return new CastStepKey(entry, told.step(), told.epoch());
    }
}
