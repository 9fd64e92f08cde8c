package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Instance;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Predicate;

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
     */
    Evidence check(RequestContext context, BlockDevice device, Instance instance) {
        Volume volume = volumes.show(context, device.volumeId().orElseThrow());
        Evidence evidence = diagnosis
                .withoutBackend(context, volume, computes.probing(), "a refresh asks the hosts")
                .evidence();
        try {
            first(evidence, seen -> seen.answer() == Answer.YES && elsewhere(seen, instance) && taken(
                    seen, volume, instance)).ifPresent(seen -> {
                        throw new ServiceException.Conflict(
                                "Volume " + volume.id() + " is in use on host " + seen.host().orElse("-")
                                        + ", and its instance is on " + instance.host().orElse("no host") + ": "
                                        + seen.excerpt() + ".",
                                "find out which host has it, detach it from the other one");
                    });
            first(evidence, seen -> seen.answer() == Answer.UNKNOWN && elsewhere(seen, instance) && leftOver(
                    seen, volume, instance)).ifPresent(seen -> {
                        throw new ServiceException.Conflict(
                                "It is unknown whether host " + seen.host().orElse("-") + " uses volume " + volume.id()
                                        + ", of which it has an attachment of the same instance: " + seen.excerpt()
                                        + ".",
                                "openstack volume attachment delete " + seen.attachmentId().orElse("ATTACHMENT")
                                        + " once that host is known to be off");
                    });
        } catch (ServiceException refused) {
            refused.restsOn(evidence.observations());
            throw refused;
        }
        return evidence;
    }

    private static Optional<Observation> first(Evidence evidence, Predicate<Observation> matching) {
        return evidence.observations()
                .stream()
                .filter(seen -> seen.source() == Source.GUEST || seen.source() == Source.HOST)
                .filter(matching)
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
