package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.service.UnservedOperations;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.contract.state.CinderOperation;
import dev.reseat.contract.state.OperationNotServed;
import dev.reseat.contract.state.ReportVolumeService;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;

/** What a volume-manager in place of a cinder-volume has written: that it is there, and what it does not do. */
public final class VolumeServiceEndpoint {
    private final Database database;
    private final ServiceTable services;
    private final UnservedOperations unserved;

    @Inject
    public VolumeServiceEndpoint(Database database, ServiceTable services, UnservedOperations unserved) {
        this.database = database;
        this.services = services;
        this.unserved = unserved;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.VERSION.major(), StateRpc.VERSION.minor())
                .method(ReportVolumeService.METHOD, ReportVolumeService.class, checking(this::report))
                .method(OperationNotServed.METHOD, OperationNotServed.class, checking(this::notServed))
                .build();
    }

    private Object report(RequestContext context, ReportVolumeService told) {
        String host = given(told.host(), "host");
        database.cinder()
                .run(tx -> services.report(
                        tx, host, told.cluster(), given(told.availabilityZone(), "availability_zone"),
                        given(told.rpcVersion(), "rpc_version"), given(told.objectVersion(), "object_version")));
        return null;
    }

    private Object notServed(RequestContext context, OperationNotServed told) {
        CinderOperation operation = CinderOperation.of(given(told.operation(), "operation"))
                .orElseThrow(() -> new EndpointFailure(Failure.of(
                        "cinder.exception", "InvalidInput",
                        "Invalid input received: no such operation: " + told.operation())));
        return new OperationNotServed.Result(unserved.settle(context, operation, given(told.id(), "id")));
    }
}
