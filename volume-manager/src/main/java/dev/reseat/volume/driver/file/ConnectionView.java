package dev.reseat.volume.driver.file;

import dev.reseat.contract.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.volume.driver.DriverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may use a volume's file and who does, put together. Looks and changes nothing. */
final class ConnectionView {
    private final ExportTable exports;
    private final FileUsers holders;

    ConnectionView(ExportTable exports, FileUsers holders) {
        this.exports = exports;
        this.holders = holders;
    }

    /** What was seen at one time. */
    record Seen(List<Export> exports, Observation holders, List<BackendConnection> connections) {}

    /** @throws DriverException.VolumeMissing if there is no such file */
    Seen look(Path volume) {
        if (!Files.isRegularFile(volume)) {
            throw new DriverException.VolumeMissing("volume file " + volume + " does not exist");
        }
        List<Export> recorded = exports.read(volume);
        Observation sighting = holders.look(volume);
        return new Seen(recorded, sighting, connections(recorded, sighting));
    }

    /** A holder is nobody's in particular, unless there is one export only that it can have come by. */
    private static List<BackendConnection> connections(List<Export> recorded, Observation sighting) {
        boolean attributable = recorded.size() == 1 || sighting.held() == Answer.NO;
        List<BackendConnection> connections = new ArrayList<>();
        for (Export export : recorded) {
            connections.add(
                    new BackendConnection(
                            export.attachmentId(),
                            Optional.of(export.host()),
                            Answer.YES,
                            attributable ? sighting.held() : Answer.UNKNOWN,
                            "exported at " + export.exportedAt() + "; " + sighting.detail()));
        }
        if (!attributable && (sighting.held() == Answer.YES || recorded.isEmpty())) {
            connections.add(
                    new BackendConnection(
                            Optional.empty(),
                            Optional.empty(),
                            recorded.isEmpty() ? Answer.NO : Answer.UNKNOWN,
                            sighting.held(),
                            "on this host: " + sighting.detail()));
        }
        return connections;
    }
}
