package dev.reseat.volume.driver;

import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import java.util.List;

/**
 * What came of a reset.
 *
 * @param detail one sentence for the operator
 * @param connections what the backend shows now
 */
public record ResetReport(Outcome outcome, String detail, List<BackendConnection> connections) {
    public ResetReport {
        connections = List.copyOf(connections);
    }
}
