package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.service.DiagnoseVolumes;
import dev.reseat.api.service.DiagnosisReport;
import dev.reseat.api.service.DiagnosisRequest;
import dev.reseat.api.service.VolumeDiagnosis;
import dev.reseat.contract.state.DiagnoseCall;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.Failure;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.EndpointFailure;
import jakarta.inject.Inject;

/** {@code diagnose} on {@code reseat-api}: what other services ask of volumes. */
public final class DiagnosisEndpoint {
    private static final String CINDER = "cinder.exception";

    private final DiagnoseVolumes diagnoses;

    @Inject
    public DiagnosisEndpoint(DiagnoseVolumes diagnoses) {
        this.diagnoses = diagnoses;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.OPERATIONS.major(), StateRpc.OPERATIONS.minor())
                .method(DiagnoseCall.METHOD, DiagnoseCall.class, checking(this::diagnose))
                .build();
    }

    private Object diagnose(RequestContext context, DiagnoseCall call) {
        if (!context.isAdmin()) {
            throw failure("PolicyNotAuthorized", "Policy doesn't allow reseat:diagnoses:create to be performed.", null);
        }
        try {
            DiagnosisReport report = diagnoses.diagnose(context, DiagnosisRequest.of(call));
            return new DiagnoseCall.Result(
                    report.volumes().stream().map(VolumeDiagnosis::found).toList(), report.missing(), report.next());
        } catch (ServiceException.Invalid e) {
            throw failure("InvalidInput", e.getMessage(), e);
        } catch (ServiceException.NotFound e) {
            throw failure("InvalidInput", "after names no volume: " + e.getMessage(), e);
        }
    }

    private static EndpointFailure failure(String type, String message, Exception cause) {
        return new EndpointFailure(Failure.of(CINDER, type, message), cause);
    }
}
