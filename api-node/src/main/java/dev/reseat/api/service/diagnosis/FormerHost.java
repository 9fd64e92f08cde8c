package dev.reseat.api.service.diagnosis;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.AttachmentTable;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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
        return questions(List.of(volume)).getOrDefault(volume.id(), List.of());
    }

    /** The same of many volumes, by their ids. */
    Map<String, List<HostQuestion>> questions(Collection<Volume> volumes) {
        List<String> unconnected = volumes.stream()
                .filter(volume -> volume.attachments()
                        .stream()
                        .noneMatch(attachment -> attachment.connector().isPresent()))
                .map(Volume::id)
                .toList();
        if (unconnected.isEmpty()) {
            return Map.of();
        }
        return database.cinder()
                .transaction(tx -> attachments.lastDeleted(tx, unconnected))
                .stream()
                .flatMap(attachment -> CinderObjects.host(attachment)
                        .map(host -> Map.entry(attachment.volumeId(), question(attachment, host)))
                        .stream())
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    }

    private static HostQuestion question(Attachment attachment, String host) {
        return new HostQuestion(
                host, attachment.instanceUuid(), Optional.of(attachment.id()), StoredConnectionInfo.way(attachment));
    }
}
