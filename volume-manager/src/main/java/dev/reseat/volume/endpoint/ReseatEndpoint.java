package dev.reseat.volume.endpoint;

import static dev.reseat.volume.endpoint.FailureTranslation.inTime;

import dev.reseat.contract.step.StepOutcome;
import dev.reseat.contract.volume.BackendInventory;
import dev.reseat.contract.volume.BreakLock;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.ShowConnection;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.Admission;
import dev.reseat.step.CastSteps;
import dev.reseat.step.StepResult;
import dev.reseat.volume.service.BackendView;
import dev.reseat.volume.service.LostClients;
import dev.reseat.volume.service.StateReset;
import dev.reseat.volume.service.VolumeException;
import dev.reseat.volume.state.StateException;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What goes beyond Cinder's interface, in a namespace of its own. */
public final class ReseatEndpoint {
    private static final JsonMapper JSON = WireMapper.create();

    private final StateReset reset;
    private final CastSteps steps;

    private ReseatEndpoint(StateReset reset, CastSteps steps) {
        this.reset = reset;
        this.steps = steps;
    }

    public static Endpoint of(StateReset reset, BackendView view, LostClients lost, CastSteps steps) {
        var endpoint = new ReseatEndpoint(reset, steps);
        return Endpoint
                .of(
                        VolumeRpc.NAMESPACE,
                        VolumeRpc.NAMESPACE_VERSION.major(),
                        VolumeRpc.NAMESPACE_VERSION.minor())
                .timed(ResetStatus.METHOD, ResetStatus.class, endpoint::reset)
                .timed(
                        DescribeConnections.METHOD,
                        DescribeConnections.class,
                        inTime(DescribeConnections.METHOD, view::describe))
                .timed(ShowConnection.METHOD, ShowConnection.class, inTime(ShowConnection.METHOD, view::connection))
                .timed(
                        BackendInventory.METHOD,
                        BackendInventory.class,
                        inTime(BackendInventory.METHOD, view::inventory))
                .timed(BreakLock.METHOD, BreakLock.class, inTime(BreakLock.METHOD, lost::breakLock))
                .timed(FenceClient.METHOD, FenceClient.class, inTime(FenceClient.METHOD, lost::fence))
                .build();
    }

    private Object reset(RequestContext context, ResetStatus request, Deadline deadline) {
        if (request.reportTo().isEmpty()) {
            return inTime(ResetStatus.METHOD, (RequestContext who, ResetStatus what, Deadline by) -> reset.reset(
                    who, what, Admission.OF_A_CALL, by)).handle(context, request, deadline);
        }
        steps.run(context, request.reportTo().get(), deadline, admission -> {
            try {
                return StepResult.done(asMap(reset.reset(context, request, admission, deadline)));
            } catch (VolumeException.OutcomeUnknown e) {
                return StepResult.of(StepOutcome.UNKNOWN, CinderFailures.of(e).message());
            } catch (VolumeException.Busy e) { // somebody else has the volume: nothing was done
                return StepResult.of(StepOutcome.SKIPPED, CinderFailures.of(e).message());
            } catch (VolumeException e) {
                return StepResult.of(StepOutcome.FAILED, CinderFailures.of(e).message());
            } catch (StateException e) { // it was asked for the volume, before anything was done
                return StepResult.of(StepOutcome.SKIPPED, CinderFailures.of(e).message());
            }
        });
        return null;
    }

    private static Map<String, Object> asMap(ResetStatus.Result result) {
        return JSON.convertValue(result, new TypeReference<>() {});
    }
}
