package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.VolumePage;
import dev.reseat.api.service.Volumes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/** {@code /volumes}: list, detail and show. */
public final class VolumeResource implements Resource {
    private final Volumes volumes;

    @Inject
    public VolumeResource(Volumes volumes) {
        this.volumes = volumes;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.CINDER, "/volumes", exchange -> list(exchange, "volumes", VolumeViews::summary))
                .get(Api.CINDER, "/volumes/detail", exchange -> list(exchange, "volumes/detail", VolumeViews::detail))
                .get(Api.CINDER, "/volumes/{id}", this::show);
    }

    private void show(Exchange exchange) {
        Volume volume = volumes.show(exchange.context(), exchange.path("id"));
        exchange.json(200, Map.of("volume", VolumeViews.detail(exchange, volume)));
    }

    private <V> void list(Exchange exchange, String collection, BiFunction<Exchange, Volume, V> view) {
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
                        page.stream().map(volume -> view.apply(exchange, volume)).toList(),
                        ListQuery.next(exchange, collection, count.orElse(page.size()), last),
                        count));
    }

    private List<Volume> page(Exchange exchange, VolumeFilter filter) {
        // refuses a marker that does not exist, or that the caller must not know of
        filter.page().marker().ifPresent(marker -> volumes.show(exchange.context(), marker));
        return volumes.list(filter);
    }
}
