package dev.reseat.api.rest.repair;

import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Policy;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.DiagnosisView;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.DiagnoseVolumes;
import dev.reseat.api.service.DiagnosisReport;
import dev.reseat.api.service.DiagnosisRequest;
import dev.reseat.api.service.VolumeDiagnosis;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** {@code POST /diagnoses}: what volumes show, and what may be done. Changes nothing. */
public final class DiagnosisResource implements Resource {
    private static final List<String> TEXTS =
            List.of("instance", "host", "backend", "project", "state", "after");
    private static final Schema BODY = schema();

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
        Policy.adminOnly(exchange.context(), "reseat:diagnoses:create");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        BODY.validate(exchange.body());
        DiagnosisReport report = diagnoses.diagnose(exchange.context(), request(exchange.body()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("diagnoses", report.volumes().stream().map(DiagnosisResource::view).toList());
        answer.put("missing", report.missing());
        report.next().ifPresent(next -> answer.put("next", next));
        exchange.json(200, answer);
    }

    private static Schema schema() {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put("volumes", Schema.type("array"));
        TEXTS.forEach(name -> properties.put(name, Schema.type("string", "null")));
        properties.put("all", Schema.type("boolean"));
        properties.put("limit", Schema.type("integer", "null"));
        return Schema.type("object").properties(properties).only(properties.keySet());
    }

    private static DiagnosisRequest request(JsonNode body) {
        List<String> ids = new ArrayList<>();
        for (JsonNode id : body.path("volumes")) {
            if (!id.isString()) {
                throw HttpFault.badRequest("volumes must be a list of ids");
            }
            ids.add(id.asString());
        }
        return new DiagnosisRequest(
                ids,
                body.path("instance").stringValueOpt(),
                body.path("host").stringValueOpt(),
                body.path("backend").stringValueOpt(),
                body.path("project").stringValueOpt(),
                body.path("state").stringValueOpt(),
                body.path("all").asBoolean(false),
                body.path("after").stringValueOpt(),
                body.path("limit").asInt(DiagnosisRequest.MOST));
    }

    static DiagnosisView view(VolumeDiagnosis diagnosis) {
        Verdict verdict = diagnosis.verdict();
        Instant now = Instant.now();
        return new DiagnosisView(
                diagnosis.volume().id(),
                diagnosis.volume().displayName(),
                diagnosis.volume().status(),
                diagnosis.volume().attachStatus(),
                verdict.row().id(),
                verdict.row().name(),
                verdict.kind().text(),
                verdict.row().reading(),
                verdict.row().safe(),
                verdict.repair().text(),
                verdict.automatic(),
                Optional.of(verdict.row().never()).filter(text -> !text.isEmpty()),
                diagnosis.command(),
                verdict.silent().stream().sorted().map(Source::text).toList(),
                verdict.mayBe(),
                Stream.of(Source.values()).map(source -> seen(source, diagnosis.observations(), now)).toList(),
                diagnosis.facts().texts(),
                ObservationView.of(diagnosis.observations(), now));
    }

    private static DiagnosisView.Seen seen(Source source, List<Observation> all, Instant now) {
        List<Observation> said = all.stream().filter(seen -> seen.source() == source).toList();
        Answer answer = said.stream().map(Observation::answer).reduce(Answer::or).orElse(Answer.UNKNOWN);
        Instant oldest = said.stream().map(Observation::seenAt).min(Instant::compareTo).orElse(now);
        return new DiagnosisView.Seen(
                source.text(), answer.text(), Math.max(0, Duration.between(oldest, now).toMillis()));
    }
}
