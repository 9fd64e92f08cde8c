package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.PeerValues.checking;

import dev.reseat.api.flow.CastReports;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.contract.step.AdmitStep;
import dev.reseat.contract.step.ReportStep;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import jakarta.inject.Inject;

/** What the workers of steps that were cast ask and tell on {@code reseat-api}. */
public final class StepEndpoint {
    private final CastReports reports;

    @Inject
    public StepEndpoint(CastReports reports) {
        this.reports = reports;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.VERSION.major(), StateRpc.VERSION.minor())
                .method(AdmitStep.METHOD, AdmitStep.class, checking(this::admit))
                .method(ReportStep.METHOD, ReportStep.class, checking(this::report))
                .build();
    }

    private Object admit(RequestContext context, AdmitStep asked) {
        return reports.admit(context, asked.journalId(), asked.step(), asked.epoch());
    }

    private Object report(RequestContext context, ReportStep told) {
        reports.report(told.journalId(), told.step(), told.epoch(), told.outcome(), told.detail(), told.result());
        return null;
    }
}
