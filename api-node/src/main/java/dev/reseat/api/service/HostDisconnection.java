package dev.reseat.api.service;

import dev.reseat.api.evidence.Repair;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Takes a volume that nobody has by any row off the one host that holds it still, by the way of that host's own last
 * attachment. The host looks itself, right before, that no guest of it has the volume.
 *
 * <p>An attach that begins after the rows were looked at is not kept away: the volume stays available, and only the
 * host's own locks, the agent's for the volume and os-brick's, keep it from connecting in the middle of the disconnect.
 * One to this very host that has connected before, and whose guest has not opened the device yet, loses the device and
 * fails; what is open is in use, and stays. The proof asks guest and host again, and the reset after it reads the rows:
 * either ends the repair in a conflict where somebody has the volume.
 */
final class HostDisconnection implements Remedy {
    static final String DISCONNECT = DisconnectVolume.METHOD;
    static final String PROOF = "ask guest and host again";

    private final BlockDevices devices;
    private final Attachments attachments;
    private final StillThere rows;
    private final LettingGo host;
    private final ComputeClient computes;

    @Inject
    HostDisconnection(
            BlockDevices devices, Attachments attachments, StillThere rows, LettingGo host, ComputeClient computes) {
        this.devices = devices;
        this.attachments = attachments;
        this.rows = rows;
        this.host = host;
        this.computes = computes;
    }

    @Override
    public Prescription prescribe(RequestContext context, VolumeDiagnosis seen) {
        Set<String> holders = new TreeSet<>();
        seen.observations()
                .stream()
                .filter(one -> one.source() == Source.HOST && one.answer() == Answer.YES)
                .map(Observation::host)
                .flatMap(Optional::stream)
                .forEach(holders::add);
        if (holders.size() != 1) {
            return new Prescription.ByHand("It is held on " + holders.size() + " hosts " + holders + ", not on one");
        }
        String holder = holders.iterator().next();
        Optional<Attachment> last = attachments.lastDeleted(seen.volume().id());
        if (last.flatMap(CinderObjects::host).filter(holder::equals).isEmpty()
                || last.flatMap(StoredConnectionInfo::nested).isEmpty()) {
            return new Prescription.ByHand("Its last attachment does not tell how host " + holder + " came to it");
        }
        return new Prescription.Do(
                RemedyOrder.ofAttachment(Repair.DISCONNECT_HOST, seen.volume(), last.get().id()));
    }

    @Override
    public List<String> texts(RemedyOrder order) {
        return List.of(
                DISCONNECT + " by the way of attachment " + order.attachmentId().orElseThrow()
                        + " (compute agent of its host)",
                PROOF + " (api-node)",
                "reset_status available: its access at the backend ends (volume service)");
    }

    @Override
    public Inverse inverse(RemedyOrder order) {
        return new Inverse.None("a device that nobody has by any row is not given back to a host");
    }

    /** Nobody has it by any row, as it was decided on, and the attachment is not one that lives again. */
    @Override
    public void guard(RequestContext context, RemedyOrder order) {
        Volume now = rows.volume(context, order.volume());
        String id = order.attachmentId().orElseThrow();
        if (!now.attachments().isEmpty() || !devices.live(now).isEmpty() || attachments.find(id).isPresent()) {
            throw new ServiceException.Conflict(
                    ErrorCode.CHANGED_MEANWHILE,
                    "Volume " + now.id() + " was given to somebody meanwhile.",
                    "reseat diagnose " + now.id());
        }
    }

    @Override
    public List<Step> steps(RequestContext context, Journal.Entry entry, RemedyOrder order, Deadline deadline) {
        return List.of(
                Step.telling(DISCONNECT, () -> entry.has(DISCONNECT, Phase.DONE),
                        () -> disconnect(context, order, deadline))
                        .guardedBy(() -> guard(context, order)),
                Step.telling(PROOF, () -> false, () -> host.prove(context, order.volume().id(), deadline)));
    }

    private Map<String, Object> disconnect(RequestContext context, RemedyOrder order, Deadline deadline) {
        String volumeId = order.volume().id();
        Attachment last = attachments.findEvenDeleted(order.attachmentId().orElseThrow());
        String name = CinderObjects.host(last).orElseThrow();
        var way = new DisconnectVolume(volumeId, StoredConnectionInfo.nested(last).orElseThrow());
        DisconnectVolume.Result result =
                RemoteCall.agentOf(name).ask(() -> computes.disconnect(context, name, way, deadline));
        return switch (result.outcome()) {
            case DISCONNECTED, NONE -> Map.of(
                    "host", name, "outcome", result.outcome().text(), "detail", result.detail());
            case REFUSED -> throw new ServiceException.Conflict(
                    "Host " + name + " keeps volume " + volumeId + ": " + result.detail(),
                    "reseat diagnose " + volumeId);
            case FAILED -> throw new ServiceException.Failed(
                    "Host " + name + " could not let volume " + volumeId + " go: " + result.detail(),
                    "reseat diagnose " + volumeId, null);
        };
    }
}
