package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Optional;

/**
 * What a repair did, or would do.
 *
 * @param before what it was decided on
 * @param undo how it is taken back, or that and why it cannot be; absent where nothing is done
 * @param journal id of the journal entry; absent for a dry run, and where nothing had to be done
 * @param after what the volume shows now; absent likewise
 */
public record RepairView(
        DiagnosisView before, List<String> steps, Optional<String> undo, Optional<String> journal,
        Optional<DiagnosisView> after) {}
