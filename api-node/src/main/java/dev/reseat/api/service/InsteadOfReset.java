package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Stream;

/**
 * Takes connections down through OpenStack's own volume service, where none of ours is: {@code attachment_delete},
 * which leaves the rows alone. {@code remove_export} at last, because the former swallows its failure.
 * Not {@code detach_volume}: that commits Cinder's rows before our guard has been checked.
 */
final class InsteadOfReset {
    private final VolumeClient volumes;

    @Inject
    InsteadOfReset(VolumeClient volumes) {
        this.volumes = volumes;
    }

    /** In the order in which {@link #run} does them. */
    static List<String> steps(Volume volume) {
        return Stream.concat(
                connected(volume).map(attachment -> "attachment_delete " + attachment.id()),
                Stream.of("remove_export"))
                .toList();
    }

    /** Repeatable. Throws what the volume service answers; proves nothing. @return who did it */
    Performer run(RequestContext context, Volume volume) {
        connected(volume).forEach(attachment -> volumes.attachmentDelete(context, volume, attachment.id()));
        return volumes.removeExport(context, volume);
    }

    private static Stream<Attachment> connected(Volume volume) {
        return volume.attachments().stream().filter(attachment -> attachment.connector().isPresent());
    }
}
