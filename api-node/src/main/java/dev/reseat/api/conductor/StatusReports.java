package dev.reseat.api.conductor;

import dev.reseat.api.service.RunningServices;
import dev.reseat.contract.status.StatusRpc;
import dev.reseat.contract.status.StatusRpc.StatusTold;
import dev.reseat.rpc.server.Endpoint;
import jakarta.inject.Inject;

/** What processes tell the api-node that has asked everybody, on {@code reseat-api}. */
public final class StatusReports {
    private final RunningServices services;

    @Inject
    public StatusReports(RunningServices services) {
        this.services = services;
    }

    /** The methods of an asking api-node; those of one that is asked are another endpoint's. */
    public Endpoint endpoint() {
        return Endpoint.of(StatusRpc.NAMESPACE, StatusRpc.VERSION.major(), StatusRpc.VERSION.minor())
                .method(StatusTold.METHOD, StatusTold.class, (_, told) -> {
                    services.told(told);
                    return null;
                })
                .build();
    }
}
