package dev.reseat.api.service.diagnosis;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.AttachmentTable;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/**
 * The host that had a volume last. Where no row names a host any more, that one may have been forgotten with the device
 * still on it, and the next volume of its number would be read by the wrong server.
 */
final class FormerHost {
    private final Database database;
    private final AttachmentTable attachments;

    @Inject
    FormerHost(Database database, AttachmentTable attachments) {
        this.database = database;
        this.attachments = attachments;
    }

    /** What it is to be asked; empty while a host has a connection, and if none ever had one. */
    List<HostQuestion> questions(Volume volume) {
        if (volume.attachments().stream().anyMatch(attachment -> attachment.connector().isPresent())) {
            return List.of();
        }
        Optional<Attachment> last =
                database.cinder().transaction(tx -> attachments.lastDeleted(tx, volume.id()));
        return last.flatMap(attachment -> CinderObjects.host(attachment)
                .map(host -> new HostQuestion(
                        host, attachment.instanceUuid(), Optional.of(attachment.id()),
                        StoredConnectionInfo.way(attachment))))
                .stream()
                .toList();
    }
}
