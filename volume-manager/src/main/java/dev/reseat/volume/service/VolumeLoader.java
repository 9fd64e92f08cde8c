package dev.reseat.volume.service;

import dev.reseat.contract.connection.Connector;
import dev.reseat.contract.connection.Secret;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.Backend;
import dev.reseat.volume.driver.BackendVolume;
import dev.reseat.volume.driver.VolumeAttachment;
import dev.reseat.volume.state.StateClient;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The volumes of one backend. What a request leaves out is read from the state service; a volume of another backend
 * is refused, so that a message on the shared queue does no harm.
 */
public final class VolumeLoader {
    private static final Set<String> GONE = Set.of("detached", "deleted");

    private final Backend backend;
    private final StateClient state;

    public VolumeLoader(Backend backend, StateClient state) {
        this.backend = backend;
        this.state = state;
    }

    /** The row, and the volume as drivers know it. */
    record LoadedVolume(VolumeObject row, BackendVolume volume) {}

    /** Where a driver's model updates of a volume are kept: by the name that its row is found under. */
    ModelStore models(RequestContext context, LoadedVolume known, Deadline deadline) {
        boolean ours = known.row().host().filter(backend::owns).isPresent();
        return ModelStore.of(state, ours ? backend.host() : backend.serviceName(), context, deadline);
    }

    /** As the state has it now. */
    LoadedVolume load(RequestContext context, String volumeId, Deadline deadline) {
        return known(state.by(deadline).volume(context, volumeId));
    }

    /** As the caller sent it, if that is all of it; otherwise as the state has it now. */
    LoadedVolume complete(RequestContext context, VolumeObject given, Deadline deadline) {
        boolean whole = given.host().isPresent() && given.volumeAttachment().isPresent();
        return whole ? known(given) : load(context, given.id(), deadline);
    }

    /** The one that was sent, or the one that was named. */
    LoadedVolume find(
            RequestContext context, Optional<String> volumeId, Optional<VolumeObject> given, Deadline deadline) {
        String id = idOf(volumeId, given);
        return given.isPresent() ? complete(context, given.get(), deadline) : load(context, id, deadline);
    }

    /** @throws VolumeException.InvalidInput if two different volumes are meant */
    static String idOf(Optional<String> volumeId, Optional<VolumeObject> given) {
        String id = given.map(VolumeObject::id)
                .or(() -> volumeId)
                .orElseThrow(() -> new VolumeException.InvalidInput("volume_id or volume is needed"));
        if (volumeId.filter(named -> !named.equals(id)).isPresent()) {
            throw new VolumeException.InvalidInput(
                    "volume_id " + volumeId.get() + " and volume " + id + " are two volumes");
        }
        return id;
    }

    static VolumeAttachment attachment(VolumeAttachmentObject row) {
        return new VolumeAttachment(
                row.id(),
                row.instanceUuid(),
                row.connector().filter(connector -> !connector.isEmpty()).map(Connector::new));
    }

    private LoadedVolume known(VolumeObject row) {
        String host = row.host()
                .orElseThrow(() -> new VolumeException.InvalidVolume("volume " + row.id() + " is on no host"));
        if (!backend.owns(host) && row.clusterName().filter(backend::ownsOfCluster).isEmpty()) {
            throw new VolumeException.InvalidVolume(
                    "volume " + row.id() + " is on " + host + ", and this is " + backend.host());
        }
        List<VolumeAttachment> attachments = row.volumeAttachment()
                .stream()
                .flatMap(list -> list.objects().stream())
                .filter(VolumeLoader::isLive)
                .map(VolumeLoader::attachment)
                .toList();
        try {
            return new LoadedVolume(row, new BackendVolume(row.id(), row.nameId().orElse(row.id()), attachments,
                    row.providerLocation(), row.providerAuth().map(Secret::new)));
        } catch (IllegalArgumentException e) {
            throw new VolumeException.InvalidVolume(e.getMessage());
        }
    }

    private static boolean isLive(VolumeAttachmentObject row) {
        return !row.deleted().orElse(false) && row.attachStatus().filter(GONE::contains).isEmpty();
    }
}
