package dev.reseat.api.conductor;

import static dev.reseat.api.conductor.AdministratorCalls.answering;
import static dev.reseat.api.conductor.PeerValues.given;

import dev.reseat.api.service.Inverse;
import dev.reseat.api.service.RefreshAttachment;
import dev.reseat.api.service.RefreshReport;
import dev.reseat.api.service.RefreshRequest;
import dev.reseat.api.service.RepairReport;
import dev.reseat.api.service.Repairs;
import dev.reseat.api.service.ResetReport;
import dev.reseat.api.service.ResetVolume;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.service.Undo;
import dev.reseat.api.service.UndoReport;
import dev.reseat.api.service.VolumeDiagnosis;
import dev.reseat.contract.state.RepairCalls;
import dev.reseat.contract.state.RepairCalls.Done;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.server.Endpoint;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Repairs of one volume, for other services on {@code reseat-api}. */
public final class RepairEndpoint {
    private final Repairs repairs;
    private final Undo undo;
    private final ResetVolume resets;
    private final RefreshAttachment refreshes;

    @Inject
    public RepairEndpoint(Repairs repairs, Undo undo, ResetVolume resets, RefreshAttachment refreshes) {
        this.repairs = repairs;
        this.undo = undo;
        this.resets = resets;
        this.refreshes = refreshes;
    }

    public Endpoint endpoint() {
        return Endpoint.of(StateRpc.NAMESPACE, StateRpc.OPERATIONS.major(), StateRpc.OPERATIONS.minor())
                .method(RepairCalls.Repair.METHOD, RepairCalls.Repair.class, answering(this::repair))
                .method(RepairCalls.Undo.METHOD, RepairCalls.Undo.class, answering(this::undo))
                .method(RepairCalls.ResetVolumeStatus.METHOD, RepairCalls.ResetVolumeStatus.class,
                        answering(this::reset))
                .method(RepairCalls.RefreshConnectionInfo.METHOD, RepairCalls.RefreshConnectionInfo.class,
                        answering(this::refresh))
                .build();
    }

    private Object repair(RequestContext context, RepairCalls.Repair args) {
        String volumeId = given(args.volumeId(), "volume_id");
        RepairReport report = args.dryRun().orElse(false)
                ? repairs.dryRun(context, volumeId, args.pattern(), said(args.reason()))
                : repairs.repair(context, volumeId, args.pattern(), said(args.reason()));
        return new Done(
                volumeId, report.steps(), report.inverse().map(Inverse::text), report.journal().map(UUID::toString),
                Optional.of(report.before().found()), report.after().map(VolumeDiagnosis::found));
    }

    private Object undo(RequestContext context, RepairCalls.Undo args) {
        String entry = given(args.journalId(), "journal_id");
        UndoReport report = args.dryRun().orElse(false)
                ? undo.dryRun(context, entry, said(args.reason()))
                : undo.undo(context, entry, said(args.reason()));
        return done(report.volumeId(), report.steps(), Optional.empty(), report.journal());
    }

    private Object reset(RequestContext context, RepairCalls.ResetVolumeStatus args) {
        String volumeId = given(args.volumeId(), "volume_id");
        StateRequest request = StateRequest.of(
                args.status(), args.attachStatus(), args.migrationStatus(), args.force().orElse(List.of()),
                said(args.reason()));
        ResetReport report = args.dryRun().orElse(false)
                ? resets.plan(context, volumeId, request)
                : resets.reset(context, volumeId, request);
        return done(
                volumeId, report.plan().texts(), Optional.of(report.plan().inverse().text()), report.journal());
    }

    private Object refresh(RequestContext context, RepairCalls.RefreshConnectionInfo args) {
        String mapping = given(args.mappingId(), "mapping_id");
        RefreshRequest request = new RefreshRequest(
                args.connector(), said(args.reason()), args.acceptUnknown().orElse(false));
        RefreshReport report = args.dryRun().orElse(false)
                ? refreshes.plan(context, mapping, request)
                : refreshes.refresh(context, mapping, request);
        return done(
                report.volumeId(), report.steps().stream().map(step -> step.name() + " (" + step.by() + ")").toList(),
                report.inverse().map(Inverse::text), report.journal());
    }

    private static Done done(String volumeId, List<String> steps, Optional<String> undo, Optional<UUID> journal) {
        return new Done(
                volumeId, steps, undo, journal.map(UUID::toString), Optional.empty(), Optional.empty());
    }

    private static Optional<String> said(Optional<String> reason) {
        return reason.filter(text -> !text.isBlank());
    }
}
