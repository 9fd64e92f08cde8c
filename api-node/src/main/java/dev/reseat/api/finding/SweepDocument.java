package dev.reseat.api.finding;

import dev.reseat.api.model.Sweep;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A sweep as clients see it. Times in ISO 8601 with zone. */
public record SweepDocument(
        long id,
        String node,
        String state,
        Optional<String> why,
        String startedAt,
        Optional<String> endedAt,
        int volumes,
        int unknownVolumes,
        int hosts,
        int backends,
        Map<String, String> silentHosts,
        Map<String, String> silentBackends,
        Map<String, String> silentCells) {
    static SweepDocument of(Sweep sweep) {
        return new SweepDocument(
                sweep.id(), sweep.node(), sweep.state(), sweep.why(), sweep.startedAt().toString(),
                sweep.endedAt().map(Instant::toString), sweep.volumes(), sweep.unknownVolumes(), sweep.hosts(),
                sweep.backends(), sweep.silentHosts(), sweep.silentBackends(), sweep.silentCells());
    }
}
