package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.DiagnoseVolumes;
import dev.reseat.api.service.DiagnosisReport;
import dev.reseat.api.service.DiagnosisRequest;
import dev.reseat.contract.state.DiagnoseCall;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code POST /diagnoses}: what volumes show, and what may be done. Changes nothing. */
public final class DiagnosisResource implements Resource {
    private static final List<String> TEXTS =
            List.of("instance", "host", "backend", "project", "state", "after");
    static final Schema BODY = schema();

    private final DiagnoseVolumes diagnoses;

    @Inject
    public DiagnosisResource(DiagnoseVolumes diagnoses) {
        this.diagnoses = diagnoses;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/diagnoses", this::diagnose);
    }

    private void diagnose(Exchange exchange) {
        exchange.authorize("reseat:diagnoses:create");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        DiagnosisReport report = diagnoses.diagnose(exchange.context(), request(exchange.body()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("diagnoses", report.volumes().stream().map(DiagnosisViews::of).toList());
        answer.put("missing", report.missing());
        report.next().ifPresent(next -> answer.put("next", next));
        exchange.json(200, answer);
    }

    private static Schema schema() {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put("volumes", Schema.type("array"));
        TEXTS.forEach(name -> properties.put(name, Schema.type("string", "null")));
        properties.put("all", Schema.type("boolean"));
        properties.put("limit", Schema.type("integer", "null").between(1, DiagnosisRequest.MOST));
        return Schema.type("object").properties(properties).only(properties.keySet());
    }

    static DiagnosisRequest request(JsonNode body) {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : body.path("volumes")) {
            if (!id.isString()) {
                throw HttpFault.badRequest("volumes must be a list of ids");
            }
            ids.add(id.asString());
        }
        return DiagnosisRequest.of(new DiagnoseCall(
                Optional.of(ids),
                body.path("instance").stringValueOpt(),
                body.path("host").stringValueOpt(),
                body.path("backend").stringValueOpt(),
                body.path("project").stringValueOpt(),
                body.path("state").stringValueOpt(),
                Optional.of(body.path("all").asBoolean(false)),
                body.path("after").stringValueOpt(),
                body.path("limit").asIntOpt().stream().boxed().findFirst()));
    }
}
