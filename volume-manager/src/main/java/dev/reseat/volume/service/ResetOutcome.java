package dev.reseat.volume.service;

import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import java.util.List;

/**
 * What came of a reset.
 *
 * @param detail one sentence for the operator
 * @param connections what the backend shows now
 */
record ResetOutcome(Outcome outcome, String detail, List<BackendConnection> connections) {
    ResetOutcome {
        connections = List.copyOf(connections);
    }
}
