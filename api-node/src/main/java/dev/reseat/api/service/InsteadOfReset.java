package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Takes connections down through OpenStack's own volume service, where none of ours is: {@code attachment_delete},
 * which leaves the rows alone. {@code remove_export} at last, because the former swallows its failure.
 * Not {@code detach_volume}: that commits Cinder's rows before our guard has been checked.
 */
final class InsteadOfReset {
    private static final String REMOVE_EXPORT = "remove_export";

    private final VolumeClient volumes;

    @Inject
    InsteadOfReset(VolumeClient volumes) {
        this.volumes = volumes;
    }

    /** In the order in which {@link #run} does them. */
    static List<String> steps(Volume volume) {
        return Stream.concat(connected(volume).map(InsteadOfReset::name), Stream.of(REMOVE_EXPORT)).toList();
    }

    /**
     * Repeatable. Proves nothing.
     *
     * @param deadline of all its calls together
     * @return who did it
     * @throws ServiceException.Unavailable nothing was done; {@link ServiceException.Failed} naming what was done
     *     before it; {@link ServiceException.Unknown} likewise
     */
    Performer run(RequestContext context, Volume volume, Deadline deadline) {
        RemoteCall service = RemoteCall.backendOf(volume);
        List<String> done = new ArrayList<>();
        connected(volume).forEach(attachment -> {
            after(done, () -> service.ask(() -> volumes.attachmentDelete(context, volume, attachment.id(), deadline)));
            done.add(name(attachment));
        });
        return after(done, () -> service.ask(() -> volumes.removeExport(context, volume, deadline)));
    }

    private static Performer after(List<String> done, Supplier<Performer> call) {
        if (done.isEmpty()) {
            return call.get();
        }
        String before = " Done before that: " + String.join(", ", done) + ".";
        try {
            return call.get();
        } catch (ServiceException.Unavailable | ServiceException.Failed e) {
            throw new ServiceException.Failed(e.getMessage() + before, null, e);
        } catch (ServiceException.Unknown e) {
            throw new ServiceException.Unknown(e.getMessage() + before, null, e);
        }
    }

    private static String name(Attachment attachment) {
        return "attachment_delete " + attachment.id();
    }

    private static Stream<Attachment> connected(Volume volume) {
        return volume.attachments().stream().filter(attachment -> attachment.connector().isPresent());
    }
}
