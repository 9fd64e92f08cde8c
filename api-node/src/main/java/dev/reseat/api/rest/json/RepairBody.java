package dev.reseat.api.rest.json;

import java.util.Optional;

/** {@code POST /reseat/v1/volumes/ID/repair}. */
public record RepairBody(boolean dryRun, Optional<String> reason) {}
