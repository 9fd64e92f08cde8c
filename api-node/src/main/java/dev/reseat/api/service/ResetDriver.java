package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.Performer;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.step.ReportTo;
import dev.reseat.contract.volume.ResetStatus.Result;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/** The driver's part of a reset: who is asked, and what the answer means. Changes no row. */
final class ResetDriver {
    private final VolumeClient volumes;
    private final InsteadOfReset instead;

    @Inject
    ResetDriver(VolumeClient volumes, InsteadOfReset instead) {
        this.volumes = volumes;
        this.instead = instead;
    }

    /**
     * Has it done. Repeatable. An answer that proves nothing is an outcome too: the caller decides what follows.
     *
     * @throws ServiceException.Failed it may have been done in part; {@link ServiceException.Unknown} it may have been
     *     done; any other: nothing was taken down
     */
    DriverOutcome run(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Deadline deadline) {
        return switch (plan.way()) {
            case NOT_NEEDED -> new DriverOutcome.NotNeeded();
            case SKIPPED -> new DriverOutcome.Skipped(request.reason().orElse(""));
            case UNREACHABLE -> new DriverOutcome.Unreachable(request.reason().orElse(""));
            case RESEAT -> overruling(volume, request, () -> reset(context, volume, request, plan, deadline));
            case CINDER -> overruling(volume, request, () -> instead(context, volume, request, plan, deadline));
        };
    }

    private DriverOutcome reset(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Deadline deadline) {
        String shape = plan.shape().orElseThrow();
        return switch (RemoteCall.backendOf(volume).ask(() -> volumes.resetStatus(context, volume, shape, deadline))) {
            case Performed.Done<Result>(Performer performer, Result result) ->
                read(volume, request, performer, result);
            case Performed.Absent<Result>(String why) -> throw new ServiceException.Unavailable(
                    "The volume service of " + volume.host().orElse("no host") + " cannot be reached: " + why, null);
        };
    }

    /** Whether there is a volume manager now that takes it as a cast. */
    boolean canCast(Volume volume, ResetPlan plan) {
        return plan.way() == ResetPlan.Way.RESEAT
                && RemoteCall.backendOf(volume).query(() -> volumes.hasManager(volume));
    }

    /** How long the report on a cast may take. */
    Duration reportTimeout() {
        return volumes.reportTimeout();
    }

    /** Sends it, without waiting for what comes of it. */
    void cast(RequestContext context, Volume volume, ResetPlan plan, ReportTo reportTo) {
        RemoteCall.backendOf(volume)
                .tell(() -> volumes.castReset(context, volume, plan.shape().orElseThrow(), reportTo));
    }

    /**
     * What a report means: the same as if it had been an answer.
     *
     * @param answer what was reported; throws as a call does that was not answered
     */
    DriverOutcome reported(Volume volume, StateRequest request, Supplier<Map<String, Object>> answer) {
        return overruling(volume, request, () -> read(
                volume, request, Performer.VOLUME_MANAGER, readable(volume, answer.get())));
    }

    private static Result readable(Volume volume, Map<String, Object> reported) {
        try {
            return JsonText.read(JsonText.of(reported), Result.class);
        } catch (IllegalArgumentException e) {
            throw new ServiceException.Unknown(
                    RemoteCall.backendOf(volume).name()
                            + " has reported what cannot be read: it may have done its part.",
                    null, e);
        }
    }

    /** What an answer of our volume manager means. */
    private static DriverOutcome read(Volume volume, StateRequest request, Performer performer, Result result) {
        String driver = "Driver " + result.driver();
        return switch (result.outcome()) {
            case PROVED, NOTHING_TO_DO, UNPROVED -> new DriverOutcome.Answered(performer, result);
            case REFUSED -> throw new ServiceException.Conflict(
                    ErrorCode.DRIVER_REFUSED, driver + " refuses: " + result.detail(),
                    "detach the volume from what uses it");
            case FAILED -> throw new ServiceException.Failed(
                    ErrorCode.DRIVER_FAILED, driver + " failed: " + result.detail(),
                    ResetDecision.again(volume, request, Force.IGNORE_DRIVER_ERROR), null);
            case NOT_IMPLEMENTED -> throw new ServiceException.NotImplemented(
                    driver + " cannot reset a volume's status.",
                    ResetDecision.again(volume, request, Force.IGNORE_DRIVER_ERROR));
        };
    }

    private DriverOutcome instead(
            RequestContext context, Volume volume, StateRequest request, ResetPlan plan, Deadline deadline) {
        if (!plan.takesAway()) {
            return new DriverOutcome.Ignored(
                    "the volume service has no reset_status. Ignored: " + request.reason().orElse(""));
        }
        return new DriverOutcome.Unproved(
                instead.run(context, volume, deadline),
                "done instead of reset_status: " + String.join(", ", InsteadOfReset.steps(volume)));
    }

    /** An error that is ignored proves nothing; neither does a silence that is accepted. */
    private static DriverOutcome overruling(Volume volume, StateRequest request, Supplier<DriverOutcome> part) {
        try {
            return part.get();
        } catch (ServiceException.Failed | ServiceException.NotImplemented e) {
            if (!request.force().contains(Force.IGNORE_DRIVER_ERROR)) {
                throw e;
            }
            return new DriverOutcome.Ignored(e.getMessage() + " Ignored: " + request.reason().orElse(""));
        } catch (ServiceException.Unknown e) {
            if (!request.force().contains(Force.ACCEPT_UNKNOWN)) {
                throw new ServiceException.Unknown(e.getMessage(), "reseat journal show " + volume.id(), e);
            }
            return new DriverOutcome.Unknown(e.getMessage() + " Accepted: " + request.reason().orElse(""));
        }
    }
}
