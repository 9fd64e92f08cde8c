package dev.reseat.compute.endpoint;

import dev.reseat.compute.service.HostInspector;
import dev.reseat.compute.service.LeftoverDisconnect;
import dev.reseat.compute.service.RemovalFailed;
import dev.reseat.compute.service.VolumeDetacher;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.GetVolumeConnector;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.compute.RemoveVolumeConnection;
import dev.reseat.contract.step.StepOutcome;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import dev.reseat.runtime.Deadline;
import dev.reseat.step.Admission;
import dev.reseat.step.CastSteps;
import dev.reseat.step.StepResult;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Nova's compute RPC as far as volumes go, 6.x and 5.x; the services' own {@code baseapi}; and namespace reseat. */
public final class ComputeEndpoint {
    private final VolumeDetacher volumes;
    private final LeftoverDisconnect leftovers;
    private final HostInspector host;
    private final CastSteps steps;

    @Inject
    ComputeEndpoint(
            VolumeDetacher volumes, LeftoverDisconnect leftovers, HostInspector host, CastSteps steps) {
        this.volumes = volumes;
        this.leftovers = leftovers;
        this.host = host;
        this.steps = steps;
    }

    /** {@code ping} of {@code nova.baserpc}. */
    record Ping(Object arg) {}

    /** As 5.x has it: without {@code delete_attachment}. */
    record RemoveVolumeConnection5(InstanceObject instance, String volumeId) {
        RemoveVolumeConnection5 {
            RemoveVolumeConnection.check(instance, volumeId);
        }
    }

    /** Served by each of the agent's servers. */
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.inDefaultNamespace(ComputeRpc.VERSION.major(), ComputeRpc.VERSION.minor())
                        .timed(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.class,
                                (context, args, deadline) -> remove(context, args.instance(), args.volumeId(),
                                        args.deleteAttachment().orElse(false), deadline))
                        .build(),
                Endpoint.inDefaultNamespace(ComputeRpc.OLD_VERSION.major(), ComputeRpc.OLD_VERSION.minor())
                        .timed(RemoveVolumeConnection.METHOD, RemoveVolumeConnection5.class,
                                (context, args, deadline) -> remove(
                                        context, args.instance(), args.volumeId(), false, deadline))
                        .build(),
                Endpoint.of(ComputeRpc.BASE_NAMESPACE, 1, 1)
                        .method("ping", Ping.class, (_, args) -> pong(args))
                        .build(),
                Endpoint.of(ComputeRpc.NAMESPACE, ComputeRpc.NAMESPACE_VERSION.major(),
                        ComputeRpc.NAMESPACE_VERSION.minor())
                        .timed(GetVolumeConnector.METHOD, GetVolumeConnector.class,
                                (_, _, deadline) -> host.connector(deadline))
                        .method(InspectVolume.METHOD, InspectVolume.class, (_, args) -> host.inspect(args))
                        .method(HostInventory.METHOD, HostInventory.class, (_, args) -> host.inventory(args))
                        .method(GuestsByAddress.METHOD, GuestsByAddress.class, (_, args) -> host.guestsBy(args))
                        .timed(RemoveVolumeConnection.METHOD, RemoveVolumeConnection.AsStep.class, this::removeAsStep)
                        .timed(DisconnectVolume.METHOD, DisconnectVolume.class,
                                (_, args, deadline) -> disconnect(args, deadline))
                        .build());
    }

    private Object disconnect(DisconnectVolume order, Deadline deadline) {
        try {
            return leftovers.disconnect(order, deadline);
        } catch (RemovalFailed e) {
            throw new EndpointFailure(NovaFailures.named(e), e);
        }
    }

    private Object removeAsStep(
            RequestContext context, RemoveVolumeConnection.AsStep args, Deadline deadline) {
        boolean deletes = args.deleteAttachment().orElse(false);
        if (args.reportTo().isEmpty()) {
            return remove(context, args.instance(), args.volumeId(), deletes, deadline);
        }
        steps.run(context, args.reportTo().get(), deadline, admission -> {
            try {
                volumes.remove(context, args.instance(), args.volumeId(), deletes, admission, deadline);
                return StepResult.done();
            } catch (RemovalFailed.BlockStorageSilent | RemovalFailed.OutcomeUnknown e) {
                return StepResult.of(StepOutcome.UNKNOWN, NovaFailures.named(e).message());
            } catch (RemovalFailed e) {
                return StepResult.of(StepOutcome.FAILED, NovaFailures.named(e).message());
            } catch (RpcException e) {
                return StepResult.of(StepOutcome.SKIPPED, NovaFailures.conductorSilent(e).message());
            }
        });
        return null;
    }

    private Object remove(RequestContext context, InstanceObject instance, String volumeId, boolean deleteAttachment,
            Deadline deadline) {
        try {
            volumes.remove(context, instance, volumeId, deleteAttachment, Admission.OF_A_CALL, deadline);
            return null;
        } catch (RemovalFailed e) {
            throw new EndpointFailure(NovaFailures.named(e), e);
        } catch (RpcException.OutcomeUnknown | RpcException.NotDelivered e) {
            throw new EndpointFailure(NovaFailures.conductorSilent(e), e);
        }
    }

    private static Map<String, Object> pong(Ping ping) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("service", ComputeRpc.TOPIC);
        answer.put("arg", ping.arg());
        return answer;
    }
}
