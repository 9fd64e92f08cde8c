package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.service.Capture;
import dev.reseat.api.service.Captures;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code POST /captures}: what a diagnosis rests on, to be judged elsewhere; without secrets. Changes nothing. */
public final class CaptureResource implements Resource {
    private final Captures captures;

    @Inject
    public CaptureResource(Captures captures) {
        this.captures = captures;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.RESEAT, "/captures", this::capture);
    }

    private void capture(Exchange exchange) {
        exchange.authorize("reseat:captures:create");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        DiagnosisResource.BODY.validate(exchange.body());
        Capture capture = captures.capture(exchange.context(), DiagnosisResource.request(exchange.body()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("captured_at", capture.at().toString());
        answer.put("cinder", capture.cinder());
        answer.put("nova", capture.nova());
        answer.put("silent_cells", capture.silentCells());
        answer.put("probes", capture.probes());
        answer.put("missing", capture.missing());
        capture.next().ifPresent(next -> answer.put("next", next));
        exchange.json(200, answer);
    }
}
