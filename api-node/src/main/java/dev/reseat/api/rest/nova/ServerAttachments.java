package dev.reseat.api.rest.nova;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.ApiVersion;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ServerAttachmentView;
import dev.reseat.api.service.BlockDevices;
import jakarta.inject.Inject;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code /servers/{id}/os-volume_attachments}: list and show. An entry is found by its volume's id in every version.
 */
public final class ServerAttachments implements Resource {
    private static final String PATH = "/servers/{server}/os-volume_attachments";

    private final BlockDevices devices;

    @Inject
    public ServerAttachments(BlockDevices devices) {
        this.devices = devices;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.NOVA, PATH, this::list).get(Api.NOVA, PATH + "/{volume}", this::show);
    }

    private void list(Exchange exchange) {
        checkQuery(exchange);
        exchange.authorize("os_compute_api:os-volumes-attachments:index");
        List<BlockDevice> all = devices.ofInstance(exchange.context(), exchange.path("server"));
        Query query = exchange.query();
        int limit = number(query, "limit");
        List<ServerAttachmentView> page = all.stream()
                .skip(number(query, "offset"))
                .limit(limit == 0 ? exchange.maxLimit() : Math.min(limit, exchange.maxLimit()))
                .filter(device -> device.volumeId().isPresent())
                .map(device -> view(device, exchange.version()))
                .toList();
        exchange.json(200, Map.of("volumeAttachments", page));
    }

    private void show(Exchange exchange) {
        String server = exchange.path("server");
        exchange.authorize("os_compute_api:os-volumes-attachments:show");
        BlockDevice device = devices.find(exchange.context(), server, exchange.path("volume"));
        exchange.json(200, Map.of("volumeAttachment", view(device, exchange.version())));
    }

    private static ServerAttachmentView view(BlockDevice device, ApiVersion version) {
        String volume = device.volumeId().orElseThrow();
        Map<String, Object> more = new LinkedHashMap<>();
        if (!version.atLeast(2, 89)) {
            more.put("id", volume);
        }
        device.deviceName().ifPresent(name -> more.put("device", name));
        if (version.atLeast(2, 70)) {
            more.put("tag", device.tag());
        }
        if (version.atLeast(2, 79)) {
            more.put("delete_on_termination", device.deleteOnTermination());
        }
        if (version.atLeast(2, 89)) {
            more.put("attachment_id", device.attachmentId());
            more.put("bdm_uuid", device.uuid());
        }
        return new ServerAttachmentView(volume, device.instanceUuid(), more);
    }

    private static void checkQuery(Exchange exchange) {
        Set<String> known = Set.of("limit", "offset");
        exchange.query().values().forEach((key, value) -> {
            if (known.contains(key) && !value.matches("[0-9]*")) {
                throw HttpFault.badRequest("Invalid input for query parameters " + key + ". Value: " + value + ". '"
                        + value + "' does not match '^[0-9]*$'");
            }
            if (!known.contains(key) && exchange.version().atLeast(2, 75)) {
                throw HttpFault.badRequest("Additional properties are not allowed ('" + key + "' was unexpected)");
            }
        });
    }

    private static int number(Query query, String key) {
        String digits = query.text(key).filter(text -> !text.isEmpty()).orElse("0");
        return new BigInteger(digits).min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact();
    }
}
