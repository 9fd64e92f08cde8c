package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.UndoView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.Undo;
import dev.reseat.api.service.UndoReport;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /journal/{id}/undo}: one repair is taken back. */
public final class UndoResource implements Resource {
    private static final Map<String, Schema> PROPERTIES =
            Map.of("dry_run", Schema.type("boolean"), "reason", Schema.type("string", "null"));
    private static final Schema BODY = Schema.type("object").properties(PROPERTIES).only(PROPERTIES.keySet());

    private final Undo undo;

    @Inject
    public UndoResource(Undo undo) {
        this.undo = undo;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/journal/{id}/undo", this::undo);
    }

    private void undo(Exchange exchange) {
        exchange.authorize("reseat:journal:undo");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        String id = exchange.path("id");
        Optional<String> reason = exchange.body().path("reason").stringValueOpt().filter(text -> !text.isBlank());
        UndoReport report = exchange.body().path("dry_run").asBoolean(false)
                ? undo.dryRun(exchange.context(), id, reason)
                : undo.undo(exchange.context(), id, reason);
        exchange.json(200, Map.of("undo", new UndoView(
                report.entry().toString(),
                report.volumeId(),
                report.how().text(),
                report.steps(),
                report.journal().map(UUID::toString),
                ObservationView.of(report.observations(), Instant.now()))));
    }
}
