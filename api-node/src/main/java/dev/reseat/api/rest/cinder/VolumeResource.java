package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.model.VolumeTotals;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.VolumePage;
import dev.reseat.api.rest.json.VolumeSummary;
import dev.reseat.api.rest.json.VolumeView;
import dev.reseat.api.service.Volumes;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** {@code /volumes}: list, detail, show and what they are together. */
public final class VolumeResource implements Resource {
    private final Volumes volumes;

    @Inject
    public VolumeResource(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.CINDER, "/volumes", exchange -> list(exchange, "volumes", this::summaries))
                .get(Api.CINDER, "/volumes/detail", exchange -> list(exchange, "volumes/detail", this::details))
                .get(Api.CINDER, "/volumes/summary", this::totals)
                .get(Api.CINDER, "/volumes/{id}", this::show);
    }

    private void show(Exchange exchange) {
        Volume volume = volumes.show(exchange.context(), exchange.path("id"));
        exchange.authorize("volume:get");
        exchange.json(200, Map.of("volume", details(exchange, List.of(volume)).getFirst()));
    }

    /** Of the whole project, whatever filter is given: upstream leaves them all out but one. */
    private void totals(Exchange exchange) {
        exchange.since(3, 12);
        exchange.authorize("volume:get_all");
        boolean everyProject = exchange.query().flag("all_tenants") && exchange.context().isAdmin();
        VolumeTotals totals = volumes.totals(everyProject
                ? Optional.empty()
                : Optional.of(exchange.context().projectId().orElse("")));
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("total_count", totals.count());
        summary.put("total_size", totals.size());
        if (exchange.version().atLeast(3, 36)) {
            summary.put("metadata", totals.metadata());
        }
        exchange.json(200, Map.of("volume-summary", summary));
    }

    private List<VolumeSummary> summaries(Exchange exchange, List<Volume> page) {
        return page.stream().map(volume -> VolumeViews.summary(exchange, volume)).toList();
    }

    private List<VolumeView> details(Exchange exchange, List<Volume> page) {
        Map<String, Map<String, String>> images = exchange.may("volume_extension:volume_image_metadata:show")
                ? volumes.images(page)
                : Map.of();
        return page.stream()
                .map(volume -> VolumeViews.detail(
                        exchange, volume, Optional.ofNullable(images.get(volume.id()))))
                .toList();
    }

    private <V> void list(
            Exchange exchange, String collection, BiFunction<Exchange, List<Volume>, List<V>> views) {
        exchange.authorize("volume:get_all");
        Optional<VolumeFilter> filter = VolumeQuery.of(exchange);
        List<Volume> page = filter.map(wanted -> page(exchange, wanted)).orElse(List.of());
        boolean counted = exchange.version().atLeast(3, 45) && exchange.query().flag("with_count");
        Optional<Integer> count = Optional.of(counted)
                .filter(Boolean::booleanValue)
                .map(_ -> filter.map(volumes::count).orElse(0));
        Optional<String> last = page.isEmpty() ? Optional.empty() : Optional.of(page.getLast().id());
        exchange.json(
                200,
                new VolumePage<>(
                        views.apply(exchange, page),
                        ListQuery.next(exchange, collection, count.orElse(page.size()), last),
                        count));
    }

    private List<Volume> page(Exchange exchange, VolumeFilter filter) {
        // refuses a marker that does not exist, or that the caller must not know of
        filter.page().marker().ifPresent(marker -> volumes.show(exchange.context(), marker));
        return volumes.list(filter);
    }
}
