package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.RepairView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.Inverse;
import dev.reseat.api.service.RepairReport;
import dev.reseat.api.service.Repairs;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /volumes/{id}/repair}: what the decision table calls safe for what the volume shows. */
public final class RepairResource implements Resource {
    private static final Map<String, Schema> PROPERTIES = Map.of(
            "dry_run", Schema.type("boolean"), "reason", Schema.type("string", "null"),
            "pattern", Schema.type("string", "null"));
    private static final Schema BODY = Schema.type("object").properties(PROPERTIES).only(PROPERTIES.keySet());

    private final Repairs repairs;

    @Inject
    public RepairResource(Repairs repairs) {
        this.repairs = repairs;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/volumes/{id}/repair", this::repair);
    }

    private void repair(Exchange exchange) {
        exchange.authorize("reseat:volumes:repair");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        String id = exchange.path("id");
        Optional<String> reason = exchange.body().path("reason").stringValueOpt().filter(text -> !text.isBlank());
        Optional<String> pattern = exchange.body().path("pattern").stringValueOpt();
        RepairReport report = exchange.body().path("dry_run").asBoolean(false)
                ? repairs.dryRun(exchange.context(), id, pattern, reason)
                : repairs.repair(exchange.context(), id, pattern, reason);
        exchange.json(200, Map.of("repair", new RepairView(
                DiagnosisViews.of(report.before()),
                report.steps(),
                report.inverse().map(Inverse::text),
                report.journal().map(UUID::toString),
                report.after().map(DiagnosisViews::of))));
    }
}
