package dev.reseat.volume.endpoint;

import static dev.reseat.volume.endpoint.FailureTranslation.answering;
import static dev.reseat.volume.endpoint.FailureTranslation.doing;

import dev.reseat.contract.volume.VolumeArguments.AttachVolume;
import dev.reseat.contract.volume.VolumeArguments.AttachmentDelete;
import dev.reseat.contract.volume.VolumeArguments.AttachmentUpdate;
import dev.reseat.contract.volume.VolumeArguments.DetachVolume;
import dev.reseat.contract.volume.VolumeArguments.GetCapabilities;
import dev.reseat.contract.volume.VolumeArguments.InitializeConnection;
import dev.reseat.contract.volume.VolumeArguments.RemoveExport;
import dev.reseat.contract.volume.VolumeArguments.TerminateConnection;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.volume.service.AttachmentExports;
import dev.reseat.volume.service.HostConnections;

/** Cinder's own volume interface, as far as we play it. */
public final class VolumeEndpoint {
    private VolumeEndpoint() {}

    public static Endpoint of(HostConnections connections, AttachmentExports attachments) {
        return Endpoint.inDefaultNamespace(VolumeRpc.VERSION.major(), VolumeRpc.VERSION.minor())
                .method(
                        "initialize_connection",
                        InitializeConnection.class,
                        answering("initialize_connection", connections::initialize))
                .method(
                        "terminate_connection",
                        TerminateConnection.class,
                        doing("terminate_connection", connections::terminate))
                .method("remove_export", RemoveExport.class, doing("remove_export", connections::removeExport))
                .method(
                        "get_capabilities",
                        GetCapabilities.class,
                        answering("get_capabilities", (_, _) -> connections.capabilities()))
                .method("attach_volume", AttachVolume.class, answering("attach_volume", attachments::attach))
                .method("detach_volume", DetachVolume.class, doing("detach_volume", attachments::detach))
                .method(
                        "attachment_update",
                        AttachmentUpdate.class,
                        answering("attachment_update", attachments::update))
                .method("attachment_delete", AttachmentDelete.class, doing("attachment_delete", attachments::delete))
                .build();
    }
}
