package dev.reseat.api.rest.repair;

import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Query;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.BlockDeviceView;
import dev.reseat.api.rest.json.ObservationView;
import dev.reseat.api.rest.json.RefreshView;
import dev.reseat.api.rest.json.StepView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.BlockDevices;
import dev.reseat.api.service.Inverse;
import dev.reseat.api.service.RefreshAttachment;
import dev.reseat.api.service.RefreshReport;
import dev.reseat.api.service.RefreshRequest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** {@code /block-device-mappings}: show, list, refresh. */
public final class BlockDeviceResource implements Resource {
    private static final String PATH = "/block-device-mappings";
    private static final Schema REFRESH = refreshBody();

    private final BlockDevices devices;
    private final RefreshAttachment refresh;

    @Inject
    public BlockDeviceResource(BlockDevices devices, RefreshAttachment refresh) {
        this.devices = devices;
        this.refresh = refresh;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.RESEAT, PATH, this::list)
                .get(Api.RESEAT, PATH + "/{uuid}", this::show)
                .post(Api.RESEAT, PATH + "/{uuid}/refresh", this::refresh);
    }

    private void show(Exchange exchange) {
        exchange.authorize("reseat:block_device_mappings:show");
        BlockDevice device = devices.show(exchange.context(), exchange.path("uuid"));
        exchange.json(200, Map.of("block_device_mapping", view(exchange, device)));
    }

    private void list(Exchange exchange) {
        exchange.authorize("reseat:block_device_mappings:list");
        Query query = exchange.query();
        String instance = query.text("instance")
                .orElseThrow(() -> HttpFault.badRequest("Say which instance: ?instance=UUID"));
        List<BlockDevice> found = query.text("volume")
                .map(volume -> List.of(devices.find(exchange.context(), instance, volume)))
                .orElseGet(() -> devices.ofInstance(exchange.context(), instance));
        exchange.json(
                200,
                Map.of("block_device_mappings", found.stream().map(device -> view(exchange, device)).toList()));
    }

    private void refresh(Exchange exchange) {
        exchange.authorize("reseat:block_device_mappings:refresh");
        JsonNode body = exchange.body();
        if (!body.isMissingNode()) {
            REFRESH.validate(body);
        }
        RefreshRequest request = new RefreshRequest(
                Optional.of(body.path("connector")).filter(JsonNode::isObject).map(exchange::object),
                body.path("reason").stringValueOpt(),
                body.path("accept_unknown").asBoolean(false));
        String uuid = exchange.path("uuid");
        RefreshReport report = body.path("dry_run").asBoolean(false)
                ? refresh.plan(exchange.context(), uuid, request)
                : refresh.refresh(exchange.context(), uuid, request);
        exchange.json(200, Map.of("refresh", view(report)));
    }

    private static BlockDeviceView view(Exchange exchange, BlockDevice device) {
        return exchange.query().flag("show_secrets")
                ? BlockDeviceView.withSecrets(device)
                : BlockDeviceView.masked(device);
    }

    private static RefreshView view(RefreshReport report) {
        return new RefreshView(
                report.bdmUuid(),
                report.instanceUuid(),
                report.volumeId(),
                report.journal().map(UUID::toString),
                report.oldAttachmentId(),
                report.newAttachmentId(),
                report.before().map(RefreshView::shown),
                report.after().map(RefreshView::shown),
                report.changed(),
                report.unneeded(),
                report.steps().stream().map(step -> new StepView(step.name(), step.by())).toList(),
                report.inverse().map(Inverse::text),
                ObservationView.of(report.observations(), Instant.now()));
    }

    private static Schema refreshBody() {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put("connector", Schema.type("object", "null").notEmpty());
        properties.put("reason", Schema.type("string", "null"));
        properties.put("accept_unknown", Schema.type("boolean"));
        properties.put("dry_run", Schema.type("boolean"));
        return Schema.type("object").properties(properties).only(properties.keySet());
    }
}
