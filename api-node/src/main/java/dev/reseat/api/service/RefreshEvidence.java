package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.Optional;

/** Before a refresh takes anything down: whether that is taken from under somebody else than the stopped instance. */
final class RefreshEvidence {
    private final Volumes volumes;
    private final Diagnosis diagnosis;
    private final ComputeClient computes;

    @Inject
    RefreshEvidence(Volumes volumes, Diagnosis diagnosis, ComputeClient computes) {
        this.volumes = volumes;
        this.diagnosis = diagnosis;
        this.computes = computes;
    }

    /**
     * Asks every host that any row names. The instance's own host may use the volume: that is what is taken down.
     *
     * @return what was said
     * @throws ServiceException.Conflict if another host uses what would be taken down, or cannot say whether it does
     *     and that was not accepted; or if the new connection would be refused afterwards
     */
    Evidence check(
            RequestContext context, BlockDevice device, Instance instance, RefreshRequest request, Deadline repair) {
        Volume volume = volumes.show(context, device.volumeId().orElseThrow());
        refuseSecondConnection(volume, instance);
        Evidence evidence = diagnosis
                .withoutBackend(context, volume, computes.probing(repair), "a refresh asks the hosts")
                .evidence();
        try {
            refuse(device, volume, instance, request, evidence);
        } catch (ServiceException refused) {
            refused.restsOn(evidence.observations());
            throw refused;
        }
        return evidence;
    }

    private static void refuse(
            BlockDevice device, Volume volume, Instance instance, RefreshRequest request, Evidence evidence) {
        first(evidence, Answer.YES, volume, instance).ifPresent(seen -> {
            throw new ServiceException.Conflict(
                    ErrorCode.VOLUME_IN_USE, "Volume " + volume.id() + " is in use on host " + seen.host().orElse("-")
                            + ", and its instance is on " + instance.host().orElse("no host") + ": "
                            + seen.excerpt() + ".",
                    "find out which host has it, detach it from the other one");
        });
        if (request.acceptUnknown()) {
            return;
        }
        first(evidence, Answer.UNKNOWN, volume, instance).ifPresent(seen -> {
            String accept = "reseat bdm refresh --force accept-unknown --reason TEXT " + device.uuid();
            throw new ServiceException.Conflict(
                    ErrorCode.EVIDENCE_UNKNOWN,
                    "It is unknown whether host " + seen.host().orElse("-") + " uses volume " + volume.id() + ": "
                            + seen.excerpt() + ".",
                    leftOver(seen, volume, instance)
                            ? "openstack volume attachment delete " + seen.attachmentId().orElse("ATTACHMENT")
                                    + " once that host is known to be off, or " + accept
                            : accept + " once that host is known not to use it");
        });
    }

    /** Block storage takes one connection of a volume: it would refuse the new one once the old one was gone. */
    private static void refuseSecondConnection(Volume volume, Instance instance) {
        if (volume.multiattach()) {
            return;
        }
        volume.attachments()
                .stream()
                .filter(attachment -> !attachment.instanceUuid().equals(Optional.of(instance.uuid())))
                .filter(attachment -> attachment.connector().isPresent())
                .findFirst()
                .ifPresent(other -> {
                    throw new ServiceException.Conflict(
                            ErrorCode.VOLUME_IN_USE,
                            "Volume " + volume.id() + " has another connection, attachment " + other.id() + " of "
                                    + other.instanceUuid().map("instance "::concat).orElse("no instance")
                                    + "; block storage would refuse the new one.",
                            "openstack volume attachment delete " + other.id() + " once it is known not to be used");
                });
    }

    private static Optional<Observation> first(
            Evidence evidence, Answer answer, Volume volume, Instance instance) {
        return evidence.observations()
                .stream()
                .filter(seen -> seen.source() == Source.GUEST || seen.source() == Source.HOST)
                .filter(seen -> seen.answer() == answer && elsewhere(seen, instance) && taken(seen, volume, instance))
                .findFirst();
    }

    private static boolean elsewhere(Observation seen, Instance instance) {
        return seen.host().isPresent() && !seen.host().equals(instance.host());
    }

    /** A volume that several servers may have is taken from this one alone; any other from everybody. */
    private static boolean taken(Observation seen, Volume volume, Instance instance) {
        return !volume.multiattach() || leftOver(seen, volume, instance);
    }

    /** On a host that an attachment of this instance names: the refresh would delete that attachment. */
    private static boolean leftOver(Observation seen, Volume volume, Instance instance) {
        return volume.attachments()
                .stream()
                .filter(attachment -> attachment.instanceUuid().equals(Optional.of(instance.uuid())))
                .anyMatch(attachment -> named(attachment, seen));
    }

    private static boolean named(Attachment attachment, Observation seen) {
        return CinderObjects.host(attachment).equals(seen.host()) || attachment.attachedHost().equals(seen.host());
    }
}
