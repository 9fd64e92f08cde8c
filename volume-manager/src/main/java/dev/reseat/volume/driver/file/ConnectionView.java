package dev.reseat.volume.driver.file;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.host.FileUsers;
import dev.reseat.host.Findings;
import dev.reseat.volume.driver.Client;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.driver.VolumeFiles;
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

    /**
     * A holder is nobody's in particular, unless there is one export only that it can have come by.
     *
     * @throws DriverException.VolumeMissing if there is no such file
     */
    List<Client> look(Path volume) {
        requireThere(volume);
        List<Export> recorded = exports.read(volume);
        Findings<String> seen = users.look(volume);
        String detail = seen.detail(FileUsers.NOBODY);
        boolean attributable = recorded.size() == 1 || seen.any() == Answer.NO;
        List<Client> clients = new ArrayList<>();
        for (Export export : recorded) {
            clients.add(client(export, attributable ? seen.any() : Answer.UNKNOWN, detail));
        }
        if (!attributable && (seen.any() == Answer.YES || recorded.isEmpty())) {
            clients.add(Client.unnamed(
                    recorded.isEmpty() ? Answer.NO : Answer.UNKNOWN, seen.any(), "on this host: " + detail));
        }
        return clients;
    }

    /** @throws DriverException.VolumeMissing if there is no such file */
    static void requireThere(Path volume) {
        if (!VolumeFiles.isThere(volume)) {
            throw new DriverException.VolumeMissing("volume file " + volume + " does not exist");
        }
    }

    private static Client client(Export export, Answer inUse, String detail) {
        return new Client(
                Optional.of(export.host()),
                export.initiator(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(export.exportedAt()),
                export.attachmentId(),
                Answer.YES,
                inUse,
                "exported; " + detail);
    }
}
