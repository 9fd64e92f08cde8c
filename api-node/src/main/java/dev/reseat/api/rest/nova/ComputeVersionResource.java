package dev.reseat.api.rest.nova;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Says which microversions of the compute API there are; nobody has to authenticate for it. */
public final class ComputeVersionResource implements Resource {
    @Inject
    public ComputeVersionResource() {}

    @Override
    public void register(Routes routes) {
        routes.open(Api.NOVA, "GET", "/v2.1", ComputeVersionResource::version)
                .open(Api.NOVA, "GET", "/v2.1/", ComputeVersionResource::version);
    }

    private static void version(Exchange exchange) {
        Version version = new Version(
                "v2.1",
                "CURRENT",
                Api.NOVA.max().toString(),
                Api.NOVA.min().toString(),
                "2013-07-23T11:33:21Z",
                List.of(
                        new VersionLink("self", exchange.base() + "/v2.1/", Optional.empty()),
                        new VersionLink("describedby", "http://docs.openstack.org/", Optional.of("text/html"))),
                List.of(new MediaType("application/json", "application/vnd.openstack.compute+json;version=2.1")));
        exchange.json(200, Map.of("version", version));
    }

    private record Version(
            String id,
            String status,
            String version,
            String minVersion,
            String updated,
            List<VersionLink> links,
            @JsonProperty("media-types") List<MediaType> mediaTypes) {}

    @JsonInclude(Include.NON_EMPTY)
    private record VersionLink(String rel, String href, Optional<String> type) {}

    private record MediaType(String base, String type) {}
}
