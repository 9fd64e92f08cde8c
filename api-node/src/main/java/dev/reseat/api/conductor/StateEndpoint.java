package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.service.AttachmentState;
import dev.reseat.api.service.Attachments;
import dev.reseat.api.service.Volumes;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The state service on {@code reseat-api}: what a volume-manager reads or has committed. */
public final class StateEndpoint {
    private static final String CINDER = "cinder.exception";

    private final Volumes volumes;
    private final Attachments attachments;
    private final AttachmentState state;

    @Inject
    public StateEndpoint(Volumes volumes, Attachments attachments, AttachmentState state) {
        this.volumes = volumes;
        this.attachments = attachments;
        this.state = state;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.of(StateRpc.NAMESPACE, StateRpc.VERSION.major(), StateRpc.VERSION.minor())
                .method(StateRpc.GetVolume.METHOD, StateRpc.GetVolume.class, checking(this::volume))
                .method(StateRpc.GetAttachment.METHOD, StateRpc.GetAttachment.class, checking(this::attachment))
                .method(StateRpc.ExportCreated.METHOD, StateRpc.ExportCreated.class, checking(this::exported))
                .method(StateRpc.AttachmentConnected.METHOD, StateRpc.AttachmentConnected.class,
                        checking(this::connected))
                .method(StateRpc.Attach.METHOD, StateRpc.Attach.class, checking(this::attach))
                .method(StateRpc.FinishDetach.METHOD, StateRpc.FinishDetach.class, checking(this::finishDetach))
                .build());
    }

    private Object volume(RequestContext context, StateRpc.GetVolume args) {
        return CinderObjects.volume(findVolume(context, args.volumeId()));
    }

    private Object attachment(RequestContext context, StateRpc.GetAttachment args) {
        return CinderObjects.attachment(findAttachment(context, args.attachmentId()));
    }

    private Object exported(RequestContext context, StateRpc.ExportCreated args) {
        String host = given(args.host(), "host");
        Volume volume = findVolume(context, args.volumeId());
        return answering(args.volumeId(), () -> {
            state.exported(volume, host, args.providerLocation(), args.providerAuth());
            return null;
        });
    }

    private Object connected(RequestContext context, StateRpc.AttachmentConnected args) {
        Attachment attachment = findAttachment(context, args.attachmentId());
        return CinderObjects.attachment(answeringFor(args.attachmentId(), () -> state.connected(
                attachment,
                given(args.connector(), "connector"),
                given(args.connectionInfo(), "connection_info"),
                args.attachMode())));
    }

    private Object attach(RequestContext context, StateRpc.Attach args) {
        Volume volume = findVolume(context, args.volumeId());
        return CinderObjects.attachment(answering(args.volumeId(), () -> state.attach(
                volume.id(), args.instanceUuid(), args.hostName(), args.mountpoint(), args.mode())));
    }

    private Object finishDetach(RequestContext context, StateRpc.FinishDetach args) {
        Volume volume = findVolume(context, args.volumeId());
        return answering(args.volumeId(), () -> {
            state.finishDetach(volume, args.attachmentId());
            return null;
        });
    }

    private Volume findVolume(RequestContext context, String id) {
        given(id, "volume_id");
        return answering(id, () -> volumes.show(context, id));
    }

    private Attachment findAttachment(RequestContext context, String id) {
        given(id, "attachment_id");
        return answeringFor(id, () -> attachments.show(context, id));
    }

    private static Attachment answeringFor(String id, Supplier<Attachment> work) {
        try {
            return work.get();
        } catch (ServiceException.NotFound e) {
            throw failure("VolumeAttachmentNotFound", e.getMessage(), Map.of("filter", "attachment_id = " + id), e);
        }
    }

    private static <T> T answering(String volumeId, Supplier<T> work) {
        try {
            return work.get();
        } catch (ServiceException.NotFound e) {
            throw failure("VolumeNotFound", e.getMessage(), Map.of("volume_id", volumeId), e);
        } catch (ServiceException.Invalid | ServiceException.Conflict e) {
            throw failure("InvalidVolume", e.getMessage(), Map.of("reason", e.getMessage()), e);
        }
    }

    private static EndpointFailure failure(String type, String message, Map<String, Object> kwargs, Exception cause) {
        return new EndpointFailure(new Failure(type, CINDER, message, List.of(message), kwargs), cause);
    }
}
