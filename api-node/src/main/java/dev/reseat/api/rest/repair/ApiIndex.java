package dev.reseat.api.rest.repair;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** {@code GET /reseat/v1}: what the API offers; nobody has to authenticate for it. */
public final class ApiIndex implements Resource {
    private static final List<Offer> OFFERS = List.of(
            new Offer("GET", "/block-device-mappings/{uuid}", "a mapping; secrets masked unless show_secrets=true"),
            new Offer("GET", "/block-device-mappings?instance={uuid}&volume={id}", "the mappings of an instance"),
            new Offer("POST", "/block-device-mappings/{uuid}/refresh", "a mapping's connection_info is made anew"),
            new Offer("POST", "/diagnoses", "what volumes show, and what may be done"),
            new Offer("POST", "/captures", "what a diagnosis rests on, to be judged elsewhere; secrets masked"),
            new Offer("GET", "/findings", "what sweeps over all volumes have found; /{id}, and /sweeps"),
            new Offer("POST", "/findings/{id}/ignore", "nobody needs to hear of it any more; also unignore"),
            new Offer("POST", "/volumes/{id}/repair", "what is safe for what a volume shows is done"),
            new Offer("POST", "/volumes/{id}/reset", "a volume's state is reset, driver first"),
            new Offer("POST", "/volumes/{id}/fence", "a client is kept out of the backend of a volume"),
            new Offer("GET", "/journal?subject={id}", "what was done to a volume or mapping"),
            new Offer("POST", "/journal/{id}/undo", "one repair is taken back, where that is exactly possible"),
            new Offer("GET", "/journal/{id}/receipt", "the signed account of one repair"),
            new Offer("GET", "/services?wait={seconds}", "every process that answers, and what is wrong with it"),
            new Offer("POST", "/jobs", "many volumes are selected, planned, and repaired within limits"),
            new Offer("GET", "/jobs/{id}", "how far a job is; /items, /events"),
            new Offer("POST", "/jobs/{id}/apply", "also plan, pause, resume, cancel, retry-failed, undo"));

    @Inject
    public ApiIndex() {}

    @Override
    public void register(Routes routes) {
        routes.open(Api.RESEAT, "GET", "/reseat/v1", ApiIndex::answer)
                .open(Api.RESEAT, "GET", "/reseat/v1/", ApiIndex::answer);
    }

    private static void answer(Exchange exchange) {
        exchange.json(
                200,
                Map.of(
                        "version",
                        new Version("v1", "CURRENT", exchange.base() + Api.RESEAT.prefix(), OFFERS)));
    }

    private record Version(String id, String status, String href, List<Offer> offers) {}

    private record Offer(String method, String path, String about) {}
}
