package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Judgement;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.service.ResetPlan.Way;
import dev.reseat.api.service.diagnosis.BackendAnswer;
import dev.reseat.api.service.diagnosis.Diagnosis.Diagnosed;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From evidence to a plan: whether a reset may be done, and by whom. Asks nobody. */
final class ResetDecision {
    /** Whose NO every take-away needs, whoever does it: a host that some row names may hold what no backend sees. */
    static final Set<Source> REQUIRED = EnumSet.of(Source.NOVA, Source.GUEST, Source.HOST);

    private ResetDecision() {}

    /** @throws ServiceException if it may not be done; it names the failed precondition and the next command */
    static ResetPlan decide(Volume volume, StateRequest request, Diagnosed seen) {
        Optional<String> shape = ResetRules.shape(volume, request);
        Way way = way(volume, request, shape, seen.backend());
        boolean takesAway = shape.equals(Optional.of("available"));
        Set<Source> required = takesAway ? required(seen.backend()) : Set.of();
        if (takesAway) {
            refuseClaimed(volume, seen);
            refuseUnknown(volume, request, seen.evidence(), required);
        }
        if (way == Way.RESEAT || way == Way.CINDER) {
            ConnectorRules.checkReadable(volume); // the backend is told of each of them
        }
        return new ResetPlan(
                shape, way, required, steps(volume, request, shape, way),
                ResetRules.inverse(volume.guard(), request));
    }

    /** @throws ServiceException.Conflict if somebody has a claim, whatever force was given */
    static void refuseClaimed(Volume volume, Diagnosed seen) {
        if (seen.evidence().judge(Set.of()) instanceof Judgement.Claimed claimed) {
            throw claimed(volume, claimed, seen.nova().mappings());
        }
    }

    /** @throws ServiceException.Conflict if a required source is silent and that was not accepted */
    static void refuseUnknown(Volume volume, StateRequest request, Evidence evidence, Set<Source> required) {
        if (evidence.judge(required) instanceof Judgement.Unknown unknown
                && !request.force().contains(Force.ACCEPT_UNKNOWN)) {
            throw new ServiceException.Conflict(
                    ErrorCode.EVIDENCE_UNKNOWN,
                    "It is unknown whether volume " + volume.id() + " is used. " + unknown.text() + ".",
                    again(volume, request, Force.ACCEPT_UNKNOWN));
        }
    }

    private static Way way(Volume volume, StateRequest request, Optional<String> shape, BackendAnswer backend) {
        if (shape.isEmpty()) {
            return Way.NOT_NEEDED;
        }
        if (request.force().contains(Force.SKIP_DRIVER)) {
            return Way.SKIPPED;
        }
        return switch (backend) {
            case BackendAnswer.NotOffered other -> instead(volume, request, shape.get(), other);
            case BackendAnswer.Absent absent -> absent(volume, request, absent);
            case BackendAnswer.Described _,BackendAnswer.Silent _,BackendAnswer.NotAsked _ -> Way.RESEAT;
        };
    }

    private static Way instead(
            Volume volume, StateRequest request, String shape, BackendAnswer.NotOffered other) {
        if (!shape.equals("available") && !request.force().contains(Force.IGNORE_DRIVER_ERROR)) {
            throw new ServiceException.NotImplemented(
                    other.detail() + ", nor reset_status, so it cannot put attachments back.",
                    again(volume, request, Force.IGNORE_DRIVER_ERROR));
        }
        return Way.CINDER;
    }

    /** That nobody can be asked is an error and an unknown: both have to be overruled. */
    private static Way absent(Volume volume, StateRequest request, BackendAnswer.Absent absent) {
        if (request.force().containsAll(EnumSet.of(Force.IGNORE_DRIVER_ERROR, Force.ACCEPT_UNKNOWN))) {
            return Way.UNREACHABLE;
        }
        throw new ServiceException.Unavailable(
                absent.detail() + "; what it does not say is unknown, not a no.",
                again(volume, request, Force.IGNORE_DRIVER_ERROR, Force.ACCEPT_UNKNOWN),
                null);
    }

    /** A driver that says beforehand that it cannot see who uses the volume is not told to take it down. */
    private static Set<Source> required(BackendAnswer backend) {
        Set<Source> required = EnumSet.copyOf(REQUIRED);
        if (backend instanceof BackendAnswer.Described described && described.result().supported()) {
            required.add(Source.BACKEND);
        }
        return required;
    }

    private static ServiceException claimed(
            Volume volume, Judgement.Claimed claimed, List<VolumeMapping> mappings) {
        Optional<Observation> use = claimed.by().stream().filter(seen -> seen.source() != Source.NOVA).findFirst();
        boolean attached = !volume.attachments().isEmpty();
        String back = "reseat volume reset-state --state in-use " + volume.id();
        if (use.isPresent()) {
            return new ServiceException.Conflict(
                    ErrorCode.VOLUME_IN_USE,
                    "Volume " + volume.id() + " is in use" + use.get().host().map(" on host "::concat).orElse("") + ": "
                            + use.get().source().text() + " says " + use.get().excerpt() + ".",
                    attached ? "detach it from the server first, or " + back : "detach it from what uses it");
        }
        String remove = "openstack server remove volume " + server(mappings) + " " + volume.id();
        return new ServiceException.Conflict(
                ErrorCode.VOLUME_IN_USE,
                "Volume " + volume.id() + " is still mapped by Nova: " + claimed.by().getFirst().excerpt() + ".",
                attached && !volume.status().equals("in-use") ? back + ", and then " + remove : remove);
    }

    private static String server(List<VolumeMapping> mappings) {
        return mappings.stream()
                .filter(mapping -> mapping.instance().filter(instance -> !instance.deleted()).isPresent())
                .map(VolumeMapping::instanceUuid)
                .findFirst()
                .orElse("SERVER");
    }

    private static List<ResetPlan.Step> steps(
            Volume volume, StateRequest request, Optional<String> shape, Way way) {
        String service = "of " + volume.serviceName().orElse("no host");
        List<ResetPlan.Step> steps = new ArrayList<>();
        switch (way) {
            case RESEAT ->
                steps.add(new ResetPlan.Step("reset_status " + shape.orElse("-"), "volume manager " + service));
            case CINDER -> InsteadOfReset.steps(volume)
                    .forEach(step -> steps.add(new ResetPlan.Step(step, "cinder-volume " + service)));
            case NOT_NEEDED, SKIPPED, UNREACHABLE -> {
                // nobody is told to do anything
            }
        }
        if (shape.equals(Optional.of("available"))) {
            steps.add(new ResetPlan.Step(
                    way == Way.CINDER ? "ask Nova's rows, guests and hosts again" : "read Nova's rows again",
                    "api-node"));
        }
        String columns = Stream.of(
                request.status().map("status "::concat),
                request.attachStatus().map("attach_status "::concat),
                request.migrationStatus().map("migration_status "::concat))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        steps.add(new ResetPlan.Step("set " + columns, "api-node"));
        return steps;
    }

    /** The same reset with more force. */
    static String again(Volume volume, StateRequest request, Force... more) {
        String grades = Stream.concat(request.force().stream(), Arrays.stream(more))
                .distinct()
                .map(force -> " --force " + force.text())
                .sorted()
                .collect(Collectors.joining());
        String state = request.status().map(" --state "::concat).orElse(" --attach-status detached");
        return "reseat volume reset-state" + state + grades + " --reason TEXT " + volume.id();
    }
}
