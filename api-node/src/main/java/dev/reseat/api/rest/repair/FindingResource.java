package dev.reseat.api.rest.repair;

import dev.reseat.api.finding.FindingDocument;
import dev.reseat.api.finding.FindingOrder;
import dev.reseat.api.finding.KeptFindings;
import dev.reseat.api.model.Finding;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.schema.Schema;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /findings} and {@code /sweeps}: what sweeps have found is read, and ignored. */
public final class FindingResource implements Resource {
    private static final String PATH = "/findings";
    private static final String ONE = PATH + "/{id}";
    private static final Schema IGNORING = Schema.type("object")
            .properties(Map.of("reason", Schema.type("string", "null")))
            .only(Set.of("reason"));

    private final KeptFindings findings;

    @Inject
    public FindingResource(KeptFindings findings) {
        this.findings = findings;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, PATH, this::list)
                .get(Api.RESEAT, ONE, this::show)
                .post(Api.RESEAT, ONE + "/ignore", this::ignore)
                .post(Api.RESEAT, ONE + "/unignore", this::unignore)
                .get(Api.RESEAT, "/sweeps", this::sweeps);
    }

    private void list(Exchange exchange) {
        exchange.authorize("reseat:findings:list");
        int limit = limit(exchange);
        List<Finding> found = findings.list(order(exchange).filter(), exchange.query().text("after"), limit);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("findings", found.stream().map(findings::document).toList());
        answer.put("sweeps", findings.sweeps(2));
        if (found.size() == limit) {
            answer.put("next", found.getLast().id());
        }
        exchange.json(200, answer);
    }

    private void show(Exchange exchange) {
        exchange.authorize("reseat:findings:show");
        answer(exchange, findings.show(exchange.path("id")));
    }

    private void ignore(Exchange exchange) {
        exchange.authorize("reseat:findings:ignore");
        if (!exchange.body().isMissingNode()) {
            IGNORING.validate(exchange.body());
        }
        Optional<String> reason = exchange.body().path("reason").stringValueOpt();
        answer(exchange, findings.ignore(exchange.context(), exchange.path("id"), reason));
    }

    private void unignore(Exchange exchange) {
        exchange.authorize("reseat:findings:unignore");
        answer(exchange, findings.unignore(exchange.path("id")));
    }

    private void sweeps(Exchange exchange) {
        exchange.authorize("reseat:sweeps:list");
        exchange.json(200, Map.of("sweeps", findings.sweeps(limit(exchange))));
    }

    private void answer(Exchange exchange, Finding finding) {
        FindingDocument document = findings.document(finding);
        exchange.json(200, Map.of("finding", document));
    }

    private static FindingOrder order(Exchange exchange) {
        return new FindingOrder(
                words(exchange, "pattern"),
                words(exchange, "without"),
                words(exchange, "verdict"),
                words(exchange, "state"),
                exchange.query().text("volume_id"),
                exchange.query().text("backend"),
                exchange.query().text("host"),
                exchange.query().text("project_id"));
    }

    private static Optional<List<String>> words(Exchange exchange, String name) {
        return exchange.query().text(name).map(text -> List.of(text.split(",", -1)));
    }

    private static int limit(Exchange exchange) {
        String text = exchange.query().text("limit").orElse("1000");
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw HttpFault.badRequest("limit is no number of that kind: " + text);
        }
        return Math.min(Integer.parseInt(text), exchange.maxLimit());
    }
}
