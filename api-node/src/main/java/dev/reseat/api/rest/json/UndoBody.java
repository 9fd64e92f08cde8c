package dev.reseat.api.rest.json;

import java.util.Optional;

/** {@code POST /reseat/v1/journal/ID/undo}. */
public record UndoBody(boolean dryRun, Optional<String> reason) {}
