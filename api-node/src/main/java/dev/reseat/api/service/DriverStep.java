package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus.Outcome;
import dev.reseat.contract.volume.ResetStatus.Result;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Driver first: asks the hosts and then the backend, and decides whether the database may follow. Returns only if it may;
 * every other end is a {@link ServiceException}.
 */
final class DriverStep {
    private static final String NOT_NEEDED = "not_needed";
    private static final String SKIPPED = "skipped";

    private final VolumeClient volumes;
    private final HostEvidence hosts;

    @Inject
    DriverStep(VolumeClient volumes, HostEvidence hosts) {
        this.volumes = volumes;
        this.hosts = hosts;
    }

    /**
     * What the driver said, when the database may follow.
     *
     * @param rowsChanged whether the peer has changed the volume's rows itself, as Cinder's own does on a detach
     * @param performer who did it; empty if nothing was done
     */
    record Answered(
            String driver, String detail, List<BackendConnection> connections, boolean rowsChanged,
            Optional<Performer> performer) {
        Answered(String driver, String detail, List<BackendConnection> connections) {
            this(driver, detail, connections, false, Optional.empty());
        }

        Answered by(Performer who) {
            return new Answered(driver, detail, connections, rowsChanged, Optional.of(who));
        }
    }

    Answered run(RequestContext context, Volume volume, StateRequest request) {
        Optional<String> shape = ResetRules.shape(volume, request);
        if (shape.isEmpty()) {
            return new Answered(NOT_NEEDED, "the status asks nothing of the backend", List.of());
        }
        if (shape.get().equals("available")) {
            refuseIfHostUses(context, volume);
        }
        if (request.force().contains(Force.SKIP_DRIVER)) {
            return new Answered(SKIPPED, "the driver was not asked: " + request.reason().orElse(""), List.of());
        }
        return ask(context, volume, shape.get(), request);
    }

    /** The same questions without any change. */
    Answered look(RequestContext context, Volume volume, StateRequest request) {
        if (ResetRules.shape(volume, request).isEmpty()) {
            return new Answered(NOT_NEEDED, "the status asks nothing of the backend", List.of());
        }
        refuseIfHostUses(context, volume);
        try {
            DescribeConnections.Result seen = volumes.describeConnections(context, volume).orThrow();
            return new Answered("asked", seen.driver() + " describes its connections", seen.connections());
        } catch (RpcException e) {
            return new Answered("unreachable", e.getMessage(), List.of());
        }
    }

    /** @throws ServiceException.Conflict if a host is seen to use the volume */
    void refuseIfHostUses(RequestContext context, Volume volume) {
        for (HostEvidence.Sighting sighting : hosts.of(context, volume)) {
            if (sighting.uses() == Answer.YES) {
                throw new ServiceException.Conflict(
                        "Volume " + volume.id() + " is in use on host " + sighting.host() + ": " + sighting.detail()
                                + ".",
                        "detach it from the server first, or reseat volume reset-state --state in-use " + volume.id());
            }
        }
    }

    private Answered ask(RequestContext context, Volume volume, String shape, StateRequest request) {
        try {
            return switch (volumes.resetStatus(context, volume, shape)) {
                case Performed.Done<Result>(Performer performer, Result result) ->
                    judge(volume, result, request).by(performer);
                case Performed.Absent<Result>(String why) when volumes.performer(volume).isEmpty() ->
                    throw new RpcException.NotDelivered(why);
                case Performed.Absent<Result> _ -> fallBack(context, volume, shape, request);
            };
        } catch (RpcException.RemoteFailure e) {
            return e.notOffered() ? fallBack(context, volume, shape, request) : overruled(failed(volume, e), request);
        } catch (RpcException.NotDelivered e) {
            return overruled(
                    new ServiceException.Unavailable(
                            "The volume service of " + volume.host().orElse("no host") + " cannot be reached: "
                                    + e.getMessage(),
                            e),
                    request);
        } catch (RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            if (request.force().contains(Force.ACCEPT_UNKNOWN)) {
                return new Answered("unknown", e.getMessage() + "; accepted: " + request.reason().orElse(""),
                        List.of());
            }
            throw new ServiceException.Unknown(
                    "The driver of volume " + volume.id() + " did not answer in time: it may have done its part.",
                    "reseat journal show " + volume.id(), e);
        }
    }

    private Answered judge(Volume volume, Result result, StateRequest request) {
        var answered = new Answered(result.outcome().text(), result.detail(), result.connections());
        return switch (result.outcome()) {
            case PROVED, NOTHING_TO_DO -> answered;
            case UNPROVED -> {
                if (request.force().contains(Force.ACCEPT_UNKNOWN)) {
                    yield answered;
                }
                throw new ServiceException.Conflict(
                        "Driver " + result.driver() + " cannot see whether volume " + volume.id() + " is still used: "
                                + result.detail(),
                        again(volume, request, Force.ACCEPT_UNKNOWN));
            }
            case REFUSED -> throw new ServiceException.Conflict(
                    "Driver " + result.driver() + " refuses: " + result.detail(),
                    "detach the volume from what uses it");
            case FAILED -> overruled(
                    new ServiceException.Failed(
                            "Driver " + result.driver() + " failed: " + result.detail(),
                            again(volume, request, Force.IGNORE_DRIVER_ERROR), null),
                    request);
            case NOT_IMPLEMENTED -> overruled(
                    new ServiceException.NotImplemented(
                            "Driver " + result.driver() + " cannot reset a volume's status.",
                            again(volume, request, Force.IGNORE_DRIVER_ERROR)),
                    request);
        };
    }

    /** A volume service without our namespace: what the specification names instead, but it proves nothing. */
    private Answered fallBack(RequestContext context, Volume volume, String shape, StateRequest request) {
        if (!shape.equals("available")) {
            return overruled(
                    new ServiceException.NotImplemented(
                            "The volume service of " + volume.host().orElse("-") + " does not offer reset_status.",
                            again(volume, request, Force.IGNORE_DRIVER_ERROR)),
                    request);
        }
        Set<Force> force = request.force();
        if (!force.contains(Force.ACCEPT_UNKNOWN)) {
            throw new ServiceException.NotImplemented(
                    "The volume service of " + volume.host().orElse("-") + " does not offer reset_status; "
                            + "terminate_connection and detach_volume can be used instead, but prove nothing.",
                    again(volume, request, Force.ACCEPT_UNKNOWN));
        }
        try {
            for (Attachment attachment : volume.attachments()) {
                CinderObjects.attachment(attachment)
                        .connector()
                        .ifPresent(connector -> volumes.terminateConnection(context, volume, connector));
                volumes.detachVolume(context, volume, attachment.id());
            }
        } catch (RpcException.RemoteFailure e) {
            return overruled(failed(volume, e), request);
        }
        return new Answered(
                Outcome.UNPROVED.text(),
                "terminate_connection and detach_volume were called instead",
                List.of(),
                true,
                volumes.performer(volume));
    }

    private static ServiceException failed(Volume volume, RpcException.RemoteFailure e) {
        return new ServiceException.Failed(
                "The volume service of " + volume.host().orElse("-") + " failed: " + e.getMessage(), null, e);
    }

    private static Answered overruled(ServiceException failure, StateRequest request) {
        if (!request.force().contains(Force.IGNORE_DRIVER_ERROR)) {
            throw failure;
        }
        return new Answered("ignored", failure.getMessage() + " Ignored: " + request.reason().orElse(""), List.of());
    }

    private static String again(Volume volume, StateRequest request, Force grade) {
        String grades = Stream.concat(request.force().stream(), Stream.of(grade))
                .map(force -> " --force " + force.text())
                .sorted()
                .collect(Collectors.joining());
        String state = request.status().map(status -> " --state " + status).orElse(" --attach-status detached");
        return "reseat volume reset-state" + state + grades + " --reason TEXT " + volume.id();
    }
}
