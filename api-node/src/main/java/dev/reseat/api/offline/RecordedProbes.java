package dev.reseat.api.offline;

import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.diagnosis.Probes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers of hosts and backends, from {@code probes.json}.
 *
 * @param at when they were asked; empty if there is no such file
 * @param silentCells why rows of some of Nova's cells could not be read then
 */
record RecordedProbes(Optional<Instant> at, List<String> silentCells, Map<String, Probes> byVolume) {
    static final String FILE = "probes.json";
    static final String SILENT_CELLS = "silent_cells";

    /** None if there is no such file: then nobody has answered. */
    static RecordedProbes read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new RecordedProbes(Optional.empty(), List.of(), Map.of());
        }
        try {
            Map<String, Object> document = JsonText.map(Files.readString(file));
            Map<String, Probes> byVolume = new LinkedHashMap<>();
            ((Map<?, ?>) document.get("volumes")).forEach((id, probes) -> byVolume.put(
                    String.valueOf(id), JsonText.read(JsonText.of(probes), Probes.class)));
            return new RecordedProbes(
                    Optional.of(Instant.parse(String.valueOf(document.get("captured_at")))),
                    document.get(SILENT_CELLS) instanceof List<?> cells
                            ? cells.stream().map(String::valueOf).toList()
                            : List.of(),
                    byVolume);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    Probes of(String volumeId) {
        return byVolume.getOrDefault(volumeId, Probes.NONE);
    }
}
