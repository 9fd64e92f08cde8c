package dev.reseat.api.service;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.volume.ResetStatus.Result;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import jakarta.inject.Inject;

/**
 * The driver's part of a reset. Returns only if the database may follow; every other end is a {@link ServiceException}.
 */
final class ResetDriver {
    private final VolumeClient volumes;
    private final InsteadOfReset instead;

    @Inject
    ResetDriver(VolumeClient volumes, InsteadOfReset instead) {
        this.volumes = volumes;
        this.instead = instead;
    }

    /** @param evidence what the plan was made on: it decides where the driver fails to */
    DriverOutcome run(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Evidence evidence) {
        return switch (plan.way()) {
            case NOT_NEEDED -> new DriverOutcome.NotNeeded();
            case SKIPPED -> new DriverOutcome.Skipped(request.reason().orElse(""));
            case UNREACHABLE -> new DriverOutcome.Ignored(
                    "nobody could be asked; ignored and accepted: " + request.reason().orElse(""));
            case RESEAT -> ask(context, volume, request, plan, evidence);
            case CINDER -> instead(context, volume, request, plan, evidence);
        };
    }

    private DriverOutcome ask(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Evidence evidence) {
        String shape = plan.shape().orElseThrow();
        try {
            return switch (volumes.resetStatus(context, volume, shape)) {
                case Performed.Done<Result>(Performer performer, Result result) ->
                    judge(volume, performer, result, request, plan, evidence);
                case Performed.Absent<Result>(String why) -> throw new RpcException.NotDelivered(why);
            };
        } catch (RpcException.RemoteFailure e) {
            return overruled(failed(volume, e), volume, request, plan, evidence);
        } catch (RpcException.NotDelivered | RpcException.VersionCapExceeded e) {
            throw new ServiceException.Unavailable(
                    "The volume service of " + volume.host().orElse("no host") + " cannot be reached: "
                            + e.getMessage(),
                    e);
        } catch (RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            return accepted(volume, request, e);
        }
    }

    private static DriverOutcome judge(
            Volume volume, Performer performer, Result result, StateRequest request, ResetPlan plan,
            Evidence evidence) {
        return switch (result.outcome()) {
            case PROVED, NOTHING_TO_DO -> new DriverOutcome.Answered(performer, result);
            case UNPROVED -> {
                if (request.force().contains(Force.ACCEPT_UNKNOWN)) {
                    yield new DriverOutcome.Answered(performer, result);
                }
                throw new ServiceException.Conflict(
                        "Driver " + result.driver() + " cannot see whether volume " + volume.id() + " is still used: "
                                + result.detail(),
                        ResetDecision.again(volume, request, Force.ACCEPT_UNKNOWN));
            }
            case REFUSED -> throw new ServiceException.Conflict(
                    "Driver " + result.driver() + " refuses: " + result.detail(),
                    "detach the volume from what uses it");
            case FAILED -> overruled(
                    new ServiceException.Failed(
                            "Driver " + result.driver() + " failed: " + result.detail(),
                            ResetDecision.again(volume, request, Force.IGNORE_DRIVER_ERROR), null),
                    volume, request, plan, evidence);
            case NOT_IMPLEMENTED -> overruled(
                    new ServiceException.NotImplemented(
                            "Driver " + result.driver() + " cannot reset a volume's status.",
                            ResetDecision.again(volume, request, Force.IGNORE_DRIVER_ERROR)),
                    volume, request, plan, evidence);
        };
    }

    private DriverOutcome instead(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Evidence evidence) {
        if (!plan.takesAway()) {
            return new DriverOutcome.Ignored(
                    "the volume service has no reset_status. Ignored: " + request.reason().orElse(""));
        }
        try {
            Performer performer = instead.run(context, volume);
            return new DriverOutcome.Unproved(
                    performer, "done instead of reset_status: " + String.join(", ", InsteadOfReset.steps(volume)));
        } catch (RpcException.RemoteFailure e) {
            return overruled(failed(volume, e), volume, request, plan, evidence);
        } catch (RpcException.NotDelivered | RpcException.VersionCapExceeded e) {
            throw new ServiceException.Unavailable(
                    "The volume service of " + volume.host().orElse("no host") + " cannot be reached: "
                            + e.getMessage(),
                    e);
        } catch (RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            return accepted(volume, request, e);
        }
    }

    private static DriverOutcome accepted(Volume volume, StateRequest request, RpcException e) {
        if (request.force().contains(Force.ACCEPT_UNKNOWN)) {
            return new DriverOutcome.Unknown(e.getMessage() + "; accepted: " + request.reason().orElse(""));
        }
        throw new ServiceException.Unknown(
                "The driver of volume " + volume.id() + " did not answer in time: it may have done its part.",
                "reseat journal show " + volume.id(), e);
    }

    private static ServiceException failed(Volume volume, RpcException.RemoteFailure e) {
        return new ServiceException.Failed(
                "The volume service of " + volume.host().orElse("-") + " failed: " + e.getMessage(), null, e);
    }

    /** A driver that has failed proves nothing, so others have to: ignoring its error is not taking it for a no. */
    private static DriverOutcome overruled(
            ServiceException failure, Volume volume, StateRequest request, ResetPlan plan, Evidence evidence) {
        if (!request.force().contains(Force.IGNORE_DRIVER_ERROR)) {
            throw failure;
        }
        if (plan.takesAway()) {
            ResetDecision.refuseUnknown(volume, request, evidence, ResetDecision.WITHOUT_A_PROOF);
        }
        return new DriverOutcome.Ignored(failure.getMessage() + " Ignored: " + request.reason().orElse(""));
    }
}
