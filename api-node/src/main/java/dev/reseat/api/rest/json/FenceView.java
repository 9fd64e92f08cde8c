package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/**
 * How a client was kept out of a backend, or would be.
 *
 * @param seen what the backend shows of it at the volume, one sentence each
 * @param undo why it is not taken back here, and who does that
 * @param journal id of the journal entry; absent for a dry run
 * @param outcome what the driver says, with the command that lets the client in again; absent likewise
 */
public record FenceView(
        String volumeId, String client, List<String> seen, List<String> steps, String undo, Optional<String> journal,
        Optional<String> outcome) {}
