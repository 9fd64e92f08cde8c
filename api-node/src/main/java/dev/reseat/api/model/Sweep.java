package dev.reseat.api.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One look at all volumes.
 *
 * @param node the api-node that does it
 * @param state {@code running}, {@code done}, {@code failed} or {@code abandoned}
 * @param why it failed, or was abandoned
 * @param unknownVolumes of how many the evidence was not enough
 * @param hosts how many were asked
 * @param silentHosts those that did not answer, with the reason
 * @param silentBackends likewise
 * @param silentCells cells whose rows could not be read: their hosts were not asked
 */
public record Sweep(
        long id,
        String node,
        String state,
        Optional<String> why,
        Instant startedAt,
        Optional<Instant> endedAt,
        int volumes,
        int unknownVolumes,
        int hosts,
        int backends,
        Map<String, String> silentHosts,
        Map<String, String> silentBackends,
        Map<String, String> silentCells) {
    public Sweep {
        silentHosts = Map.copyOf(silentHosts);
        silentBackends = Map.copyOf(silentBackends);
        silentCells = Map.copyOf(silentCells);
    }
}
