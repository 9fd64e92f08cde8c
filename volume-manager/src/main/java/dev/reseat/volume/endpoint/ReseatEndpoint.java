package dev.reseat.volume.endpoint;

import static dev.reseat.volume.endpoint.FailureTranslation.answering;

import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.contract.volume.VolumeRpc;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.volume.service.BackendView;
import dev.reseat.volume.service.StateReset;

/** What goes beyond Cinder's interface, in a namespace of its own. */
public final class ReseatEndpoint {
    private ReseatEndpoint() {}

    public static Endpoint of(StateReset reset, BackendView view) {
        return Endpoint
                .of(
                        VolumeRpc.NAMESPACE,
                        VolumeRpc.NAMESPACE_VERSION.major(),
                        VolumeRpc.NAMESPACE_VERSION.minor())
                .method(ResetStatus.METHOD, ResetStatus.class, answering(ResetStatus.METHOD, reset::reset))
                .method(
                        DescribeConnections.METHOD,
                        DescribeConnections.class,
                        answering(DescribeConnections.METHOD, view::describe))
                .build();
    }
}
