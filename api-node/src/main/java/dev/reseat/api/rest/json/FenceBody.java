package dev.reseat.api.rest.json;

import java.util.Optional;

/**
 * {@code POST /reseat/v1/volumes/ID/fence}.
 *
 * @param client as the backend names who is at the volume, {@code IP:PORT/NONCE} or an initiator; {@code IP:0/0} for a
 *     whole host
 * @param seconds for how long, where the backend knows a time; a day without it
 * @param unseen also if the backend does not show it at the volume
 */
public record FenceBody(
        String client, Optional<Integer> seconds, boolean unseen, boolean dryRun, Optional<String> reason) {}
