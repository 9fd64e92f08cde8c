package dev.reseat.api.rest.json;

import java.util.Optional;

/**
 * {@code POST /reseat/v1/volumes/ID/repair}.
 *
 * @param pattern only if the volume still shows that one
 */
public record RepairBody(boolean dryRun, Optional<String> reason, Optional<String> pattern) {}
