package dev.reseat.volume.driver.file;

import dev.reseat.contract.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.host.Findings;
import dev.reseat.volume.driver.DriverException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who may use a volume's file and who does, put together. Looks and changes nothing. */
final class ConnectionView {
    private final ExportTable exports;
    private final FileUsers users;

    ConnectionView(ExportTable exports, FileUsers users) {
        this.exports = exports;
        this.users = users;
    }

    /** What was seen at one time. */
    record Seen(List<Export> exports, Findings<String> users, List<BackendConnection> connections) {}

    /** @throws DriverException.VolumeMissing if there is no such file */
    Seen look(Path volume) {
        if (!Files.isRegularFile(volume)) {
            throw new DriverException.VolumeMissing("volume file " + volume + " does not exist");
        }
        List<Export> recorded = exports.read(volume);
        Findings<String> seen = users.look(volume);
        return new Seen(recorded, seen, connections(recorded, seen));
    }

    /** A holder is nobody's in particular, unless there is one export only that it can have come by. */
    private static List<BackendConnection> connections(List<Export> recorded, Findings<String> users) {
        boolean attributable = recorded.size() == 1 || users.any() == Answer.NO;
        List<BackendConnection> connections = new ArrayList<>();
        for (Export export : recorded) {
            connections.add(
                    new BackendConnection(
                            export.attachmentId(),
                            Optional.of(export.host()),
                            Answer.YES,
                            attributable ? users.any() : Answer.UNKNOWN,
                            "exported at " + export.exportedAt() + "; " + users.detail(FileUsers.NOBODY)));
        }
        if (!attributable && (users.any() == Answer.YES || recorded.isEmpty())) {
            connections.add(
                    new BackendConnection(
                            Optional.empty(),
                            Optional.empty(),
                            recorded.isEmpty() ? Answer.NO : Answer.UNKNOWN,
                            users.any(),
                            "on this host: " + users.detail(FileUsers.NOBODY)));
        }
        return connections;
    }
}
