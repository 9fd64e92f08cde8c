package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/**
 * How a repair was taken back, or would be.
 *
 * @param entry id of the journal entry of the repair
 * @param how its inverse
 * @param journal id of the entry of the way back; absent for a dry run
 * @param observations what every source said that had to be asked
 */
public record UndoView(
        String entry,
        String volumeId,
        String how,
        List<String> steps,
        Optional<String> journal,
        List<ObservationView> observations) {}
