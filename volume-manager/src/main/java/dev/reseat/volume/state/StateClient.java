package dev.reseat.volume.state;

import dev.reseat.contract.state.OperationNotServed;
import dev.reseat.contract.state.ReportVolumeService;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.volume.VolumeAttachmentObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Calls the state service on {@code reseat-api}. Every method blocks for the reply; the state service's own failures
 * ({@code VolumeNotFound}, {@code VolumeAttachmentNotFound}) come as {@link RpcException.RemoteFailure}, all others as
 * {@link StateException}. Thread-safe.
 */
public final class StateClient {
    private final PreparedCall call;
    private final Duration timeout;

    /** @param timeout how long each call waits */
    public StateClient(RpcClient client, Duration timeout) {
        this(client.prepare(StateRpc.target()).timeout(timeout), timeout);
    }

    private StateClient(PreparedCall call, Duration timeout) {
        this.call = call;
        this.timeout = timeout;
    }

    /** The same, whose calls end by the deadline if that comes before their own. */
    public StateClient by(Deadline deadline) {
        Duration left = deadline.remaining().plusMillis(1); // a call needs some time, even in vain
        return left.compareTo(timeout) < 0 ? new StateClient(call.timeout(left), left) : this;
    }

    /** The volume with its live attachments. */
    public VolumeObject volume(RequestContext context, String volumeId) {
        return read(() -> call.call(
                context,
                StateRpc.GetVolume.METHOD,
                new StateRpc.GetVolume(volumeId),
                VolumeObject.class));
    }

    public VolumeAttachmentObject attachment(RequestContext context, String attachmentId) {
        return read(() -> call.call(
                context,
                StateRpc.GetAttachment.METHOD,
                new StateRpc.GetAttachment(attachmentId),
                VolumeAttachmentObject.class));
    }

    public void commit(RequestContext context, StateRpc.ExportCreated created) {
        commit(() -> call.call(context, StateRpc.ExportCreated.METHOD, created, Void.class));
    }

    public VolumeAttachmentObject commit(RequestContext context, StateRpc.AttachmentConnected connected) {
        return commit(() -> call.call(
                context,
                StateRpc.AttachmentConnected.METHOD,
                connected,
                VolumeAttachmentObject.class));
    }

    public VolumeAttachmentObject commit(RequestContext context, StateRpc.Attach attach) {
        return commit(() -> call.call(context, StateRpc.Attach.METHOD, attach, VolumeAttachmentObject.class));
    }

    public void commit(RequestContext context, StateRpc.FinishDetach finish) {
        commit(() -> call.call(context, StateRpc.FinishDetach.METHOD, finish, Void.class));
    }

    /** That a service of ours is at work in place of a cinder-volume. */
    public void report(ReportVolumeService report) {
        commit(() -> inPlaceOfCinder().call(RequestContext.admin(), ReportVolumeService.METHOD, report, Void.class));
    }

    /** That nobody will do what Cinder's rows say is under way. */
    public OperationNotServed.Result commit(RequestContext context, OperationNotServed unserved) {
        return commit(() -> inPlaceOfCinder().call(
                context, OperationNotServed.METHOD, unserved, OperationNotServed.Result.class));
    }

    private PreparedCall inPlaceOfCinder() {
        return call.atVersion(StateRpc.inPlaceOfCinder().version());
    }

    private static <T> T read(Supplier<T> request) {
        try {
            return request.get();
        } catch (RpcException.NotDelivered | RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            throw new StateException.Unavailable("the state service cannot be asked: " + e.getMessage(), e);
        }
    }

    private static <T> T commit(Supplier<T> request) {
        try {
            return request.get();
        } catch (RpcException.NotDelivered e) {
            throw new StateException.Unavailable("the state service cannot be told: " + e.getMessage(), e);
        } catch (RpcException.OutcomeUnknown | RpcException.UnreadableReply e) {
            throw new StateException.CommitUnknown(
                    "the state service has not confirmed: " + e.getMessage(),
                    e);
        }
    }
}
