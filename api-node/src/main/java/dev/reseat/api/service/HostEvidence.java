package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.nova.InstanceTable;
import dev.reseat.contract.Answer;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the compute hosts of a volume's attachments say. An agent that cannot be asked says UNKNOWN, never NO. */
final class HostEvidence {
    private final Database database;
    private final InstanceTable instances;
    private final ComputeClient computes;

    @Inject
    HostEvidence(Database database, InstanceTable instances, ComputeClient computes) {
        this.database = database;
        this.instances = instances;
        this.computes = computes;
    }

    /**
     * One host's answer.
     *
     * @param uses whether the host, or a guest that runs on it, uses the volume
     */
    record Sighting(String attachmentId, String host, Answer uses, String detail) {}

    List<Sighting> of(RequestContext context, Volume volume) {
        List<Sighting> sightings = new ArrayList<>();
        for (Attachment attachment : volume.attachments()) {
            hostOf(attachment).ifPresent(host -> sightings.add(ask(context, attachment, host)));
        }
        return sightings;
    }

    private Optional<String> hostOf(Attachment attachment) {
        return CinderObjects.attachment(attachment)
                .host()
                .or(() -> attachment
                        .instanceUuid()
                        .flatMap(uuid -> database.nova().transaction(tx -> instances.find(tx, uuid)))
                        .flatMap(Instance::host));
    }

    private Sighting ask(RequestContext context, Attachment attachment, String host) {
        var question = new InspectVolume(
                attachment.volumeId(), attachment.instanceUuid(), ConnectionInfos.nested(attachment));
        try {
            InspectVolume.Result answer = computes.inspect(context, host, question).orThrow();
            Answer uses = answer.host().or(answer.guest().and(answer.running()));
            return new Sighting(attachment.id(), host, uses, answer.detail());
        } catch (RpcException.RemoteFailure e) {
            String why = e.notOffered() ? "its compute service does not offer inspect_volume" : e.getMessage();
            return new Sighting(attachment.id(), host, Answer.UNKNOWN, why);
        } catch (RpcException e) {
            return new Sighting(attachment.id(), host, Answer.UNKNOWN, "its compute service did not answer");
        }
    }
}
