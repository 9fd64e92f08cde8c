package dev.reseat.volume.driver.file;

import dev.reseat.contract.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.volume.driver.Attachment;
import dev.reseat.volume.driver.ResetReport;
import dev.reseat.volume.driver.Volume;
import dev.reseat.volume.driver.file.ConnectionView.Seen;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Brings a volume's exports into the shape of a status. Looks before and after. */
final class FileReset {
    private final FileExports exports;
    private final ConnectionView view;

    FileReset(FileExports exports, ConnectionView view) {
        this.exports = exports;
        this.view = view;
    }

    ResetReport takeDown(Path file) {
        Seen before = view.look(file);
        if (before.users().any() == Answer.YES) {
            String detail =
                    "in use, nothing was taken down: " + before.users().detail(FileUsers.NOBODY) + exportedTo(before);
            return new ResetReport(Outcome.REFUSED, detail, before.connections());
        }
        exports.removeAll(file);
        Seen after = view.look(file);
        String done = before.exports().size() + " exports removed; ";
        return switch (after.users().any()) {
            case NO ->
                new ResetReport(Outcome.PROVED, done + after.users().detail(FileUsers.NOBODY), after.connections());
            case UNKNOWN ->
                new ResetReport(Outcome.UNPROVED, done + after.users().detail(FileUsers.NOBODY), after.connections());
            case YES -> new ResetReport(
                    Outcome.FAILED,
                    done + "but somebody took hold of the volume meanwhile: " + after.users().detail(FileUsers.NOBODY),
                    after.connections());
        };
    }

    ResetReport putBack(Path file, Volume volume) {
        Seen before = view.look(file);
        if (volume.attachments().isEmpty()) {
            return new ResetReport(Outcome.FAILED, "no attachment to give an export back to", before.connections());
        }
        List<String> unusable = volume.attachments()
                .stream()
                .filter(attachment -> attachment.connector().filter(FileExports::suffices).isEmpty())
                .map(Attachment::id)
                .toList();
        if (!unusable.isEmpty()) {
            String detail =
                    "nothing was exported: no connector with a host in attachment " + String.join(", ", unusable);
            return new ResetReport(Outcome.FAILED, detail, before.connections());
        }
        volume.attachments()
                .stream()
                .flatMap(attachment -> attachment.access().stream())
                .forEach(
                        access -> exports.add(file, access));
        Seen after = view.look(file);
        boolean complete = volume.attachments()
                .stream()
                .flatMap(attachment -> attachment.access().stream())
                .allMatch(access -> after.exports().stream().anyMatch(export -> export.isSameAs(access)));
        return complete
                ? new ResetReport(Outcome.PROVED, "exported" + exportedTo(after), after.connections())
                : new ResetReport(Outcome.FAILED, "exports went missing meanwhile", after.connections());
    }

    private static String exportedTo(Seen seen) {
        return seen.connections()
                .stream()
                .filter(connection -> connection.exported() == Answer.YES)
                .map(BackendConnection::host)
                .flatMap(host -> host.stream())
                .distinct()
                .collect(Collectors.collectingAndThen(Collectors.joining(", "),
                        hosts -> hosts.isEmpty() ? "" : " to " + hosts));
    }
}
