package dev.reseat.api.service;

import dev.reseat.contract.volume.BackendConnection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * How a client was kept out, or would be.
 *
 * @param seen what the backend shows of it at the volume
 * @param inverse why this program does not take it back, and who does
 * @param journal empty for a dry run
 * @param outcome what the driver says, with the command that lets the client in again; empty for a dry run
 */
public record FenceReport(
        String volumeId, String client, List<BackendConnection> seen, List<String> steps, Inverse inverse,
        Optional<UUID> journal, Optional<String> outcome) {
    public FenceReport {
        seen = List.copyOf(seen);
        steps = List.copyOf(steps);
    }
}
