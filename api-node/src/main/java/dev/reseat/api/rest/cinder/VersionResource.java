package dev.reseat.api.rest.cinder;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ResourceLink;
import jakarta.inject.Inject;
import java.util.List;

/** Says which versions of the API there are, and that the process answers. */
public final class VersionResource implements Resource {
    @Inject
    public VersionResource() {}

    @Override
    public void register(Routes routes) {
        routes.open(Api.ROOT, "GET", "/", exchange -> exchange.json(300, versions(exchange)))
                .open(Api.ROOT, "GET", "/healthcheck", exchange -> exchange.text(200, "OK"))
                .open(Api.ROOT, "GET", "/healthcheck/", exchange -> exchange.text(200, "OK"))
                .open(Api.ROOT, "HEAD", "/healthcheck", exchange -> exchange.text(200, ""))
                .open(Api.ROOT, "HEAD", "/healthcheck/", exchange -> exchange.text(200, ""))
                .open(Api.CINDER, "GET", "/v3", exchange -> exchange.redirect("/v3/"))
                .at(Api.CINDER, "GET", "/v3/", exchange -> exchange.json(200, versions(exchange)));
    }

    private static Versions versions(Exchange exchange) {
        return new Versions(List.of(new Version(
                "v3.0",
                "CURRENT",
                Api.CINDER.max().toString(),
                Api.CINDER.min().toString(),
                "2022-08-31T00:00:00Z",
                List.of(
                        new DescribedBy("describedby", "text/html", "https://docs.openstack.org/"),
                        new ResourceLink("self", exchange.base() + "/v3/")),
                List.of(new MediaType("application/json", "application/vnd.openstack.volume+json;version=3")))));
    }

    private record Versions(List<Version> versions) {}

    private record Version(
            String id,
            String status,
            String version,
            String minVersion,
            String updated,
            List<Record> links,
            @JsonProperty("media-types") List<MediaType> mediaTypes) {}

    private record DescribedBy(String rel, String type, String href) {}

    private record MediaType(String base, String type) {}
}
