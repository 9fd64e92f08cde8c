package dev.reseat.api.flow;

import java.util.UUID;

/** Another process has taken a repair over, or this one has lost its lease: whoever gets this stops acting at once. */
public final class NotOwner extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotOwner(UUID entry) {
        super("This process no longer owns the repair; journal entry " + entry + " tells what becomes of it.");
    }
}
