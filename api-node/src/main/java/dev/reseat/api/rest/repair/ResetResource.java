package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.ResetView;
import dev.reseat.api.rest.json.StepView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.rest.schema.StateBody;
import dev.reseat.api.service.ResetPlan;
import dev.reseat.api.service.ResetReport;
import dev.reseat.api.service.ResetVolume;
import dev.reseat.api.service.StateRequest;
import dev.reseat.contract.evidence.Source;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.runtime.SecretText;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /volumes/{id}/reset}: what {@code os-reset_status} does, with a report, and a dry run. */
public final class ResetResource implements Resource {
    private static final Schema BODY = StateBody.schema(Map.of("dry_run", Schema.type("boolean")));

    private final ResetVolume resets;

    @Inject
    public ResetResource(ResetVolume resets) {
        this.resets = resets;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/volumes/{id}/reset", this::reset);
    }

    private void reset(Exchange exchange) {
        exchange.authorize("volume_extension:volume_admin_actions:reset_status");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        StateRequest request = StateBody.read(exchange.body());
        String id = exchange.path("id");
        ResetReport report = exchange.body().path("dry_run").asBoolean(false)
                ? resets.plan(exchange.context(), id, request)
                : resets.reset(exchange.context(), id, request);
        exchange.json(200, Map.of("reset", view(report)));
    }

    private static ResetView view(ResetReport report) {
        return new ResetView(
                report.volumeId(),
                report.journal().map(UUID::toString),
                state(report.before()),
                report.after().map(ResetResource::state),
                report.driver().code(),
                SecretText.masked(report.driver().detail()),
                report.driver().performer().map(performer -> performer.program()),
                report.driver().connections().stream().map(ResetResource::connection).toList(),
                ObservationView.of(report.observations(), Instant.now()),
                Optional.of(plan(report.plan())));
    }

    private static ResetView.Plan plan(ResetPlan plan) {
        return new ResetView.Plan(
                plan.way().name().toLowerCase(Locale.ROOT),
                plan.required().stream().sorted().map(Source::text).toList(),
                plan.steps().stream().map(step -> new StepView(step.name(), step.by())).toList(),
                Optional.of(plan.inverse().text()));
    }

    private static ResetView.State state(ResetReport.State state) {
        return new ResetView.State(
                state.status(), state.attachStatus(), state.migrationStatus(), state.attachments());
    }

    private static ResetView.Connection connection(BackendConnection connection) {
        return new ResetView.Connection(
                connection.attachmentId(),
                connection.host(),
                connection.exported().text(),
                connection.inUse().text(),
                SecretText.masked(connection.detail()));
    }
}
