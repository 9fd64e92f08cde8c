package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.FenceView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.ClientFencing;
import dev.reseat.api.service.FenceReport;
import dev.reseat.api.service.FenceRequest;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.FenceClient;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** {@code POST /volumes/{id}/fence}: a client is kept out of the backend that keeps the volume. */
public final class FenceResource implements Resource {
    private static final int MOST_SECONDS = 366 * 86_400;
    private static final Map<String, Schema> PROPERTIES = Map.of(
            "client", Schema.type("string").format("client, IP:PORT/NONCE or an initiator's name", FenceClient::names),
            "seconds", Schema.type("integer", "null").between(1, MOST_SECONDS), "unseen", Schema.type("boolean"),
            "dry_run", Schema.type("boolean"), "reason", Schema.type("string", "null"));
    private static final Schema BODY =
            Schema.type("object").properties(PROPERTIES).only(PROPERTIES.keySet()).require("client");

    private final ClientFencing fencing;

    @Inject
    public FenceResource(ClientFencing fencing) {
        this.fencing = fencing;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/volumes/{id}/fence", this::fence);
    }

    private void fence(Exchange exchange) {
        exchange.authorize("reseat:volumes:fence");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        FenceRequest request = request(exchange.body());
        FenceReport report = exchange.body().path("dry_run").asBoolean(false)
                ? fencing.dryRun(exchange.context(), exchange.path("id"), request)
                : fencing.fence(exchange.context(), exchange.path("id"), request);
        exchange.json(200, Map.of("fence", new FenceView(
                report.volumeId(),
                report.client(),
                report.seen().stream().map(BackendConnection::detail).toList(),
                report.steps(),
                report.inverse().text(),
                report.journal().map(UUID::toString),
                report.outcome())));
    }

    private static FenceRequest request(JsonNode body) {
        Optional<Integer> seconds = Optional.of(body.path("seconds")).filter(JsonNode::isNumber).map(JsonNode::asInt);
        return new FenceRequest(
                new FenceClient(body.path("client").stringValue(), seconds),
                body.path("unseen").asBoolean(false),
                body.path("reason").stringValueOpt().filter(text -> !text.isBlank()));
    }
}
