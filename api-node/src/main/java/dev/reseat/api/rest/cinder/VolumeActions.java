package dev.reseat.api.rest.cinder;

import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Policy;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.rest.schema.StateBody;
import dev.reseat.api.service.LegacyConnections;
import dev.reseat.api.service.ResetStatus;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.service.Volumes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /volumes/{id}/action}. The order of checks is Cinder's: action, body, volume, policy, and then the rules
 * of the service.
 */
public final class VolumeActions implements Resource {
    private static final String RESET_STATUS = "os-reset_status";
    private static final String TERMINATE_CONNECTION = "os-terminate_connection";
    private static final String ROLL_DETACHING = "os-roll_detaching";
    private static final String CONNECTOR = "connector";

    /** What Cinder does and Reseat does not. */
    private static final Set<String> NOT_SERVED = Set.of(
            "os-attach",
            "os-detach",
            "os-reserve",
            "os-unreserve",
            "os-begin_detaching",
            "os-initialize_connection",
            "os-force_detach",
            "os-force_delete",
            "os-migrate_volume",
            "os-migrate_volume_completion",
            "os-extend",
            "os-retype",
            "os-reimage",
            "os-unmanage",
            "os-set_bootable",
            "os-update_readonly_flag",
            "os-volume_upload_image",
            "os-set_image_metadata",
            "os-show_image_metadata",
            "os-unset_image_metadata",
            "revert");

    private static final Schema RESET_STATUS_BODY = body(RESET_STATUS, StateBody.schema(Map.of()));
    private static final Schema TERMINATE_CONNECTION_BODY = body(
            TERMINATE_CONNECTION,
            Schema.type("object")
                    .properties(Map.of(CONNECTOR, Schema.type("string", "object", "null")))
                    .require(CONNECTOR)
                    .only(List.of(CONNECTOR)));
    private static final Schema ROLL_DETACHING_BODY = body(ROLL_DETACHING, Schema.any());

    private final Volumes volumes;
    private final ResetStatus resetStatus;
    private final LegacyConnections connections;

    @Inject
    public VolumeActions(Volumes volumes, ResetStatus resetStatus, LegacyConnections connections) {
        this.volumes = volumes;
        this.resetStatus = resetStatus;
        this.connections = connections;
    }

    @Override
    public void register(Routes routes) {
        routes.post(Api.CINDER, "/volumes/{id}/action", this::act);
    }

    private void act(Exchange exchange) {
        String action = ActionBody.action(exchange.body());
        switch (action) {
            case RESET_STATUS -> resetStatus(exchange);
            case TERMINATE_CONNECTION -> terminateConnection(exchange);
            case ROLL_DETACHING -> rollDetaching(exchange);
            default -> throw NOT_SERVED.contains(action)
                    ? new HttpFault(501, "Reseat does not serve " + action + "; ask the block storage service itself.")
                    : ActionBody.unknown(action);
        }
        exchange.empty(202);
    }

    private void resetStatus(Exchange exchange) {
        RESET_STATUS_BODY.validate(exchange.body());
        StateRequest request = StateBody.read(exchange.body().get(RESET_STATUS));
        String id = exchange.path("id");
        volumes.show(exchange.context(), id);
        Policy.adminOnly(exchange.context(), "volume_extension:volume_admin_actions:reset_status");
        resetStatus.reset(exchange.context(), id, request);
    }

    private void terminateConnection(Exchange exchange) {
        TERMINATE_CONNECTION_BODY.validate(exchange.body());
        JsonNode connector = exchange.body().get(TERMINATE_CONNECTION).get(CONNECTOR);
        String id = exchange.path("id");
        volumes.show(exchange.context(), id);
        Policy.mayChange(exchange.context(), "volume_extension:volume_actions:terminate_connection");
        if (!connector.isObject()) {
            throw HttpFault.badRequest("Invalid input received: a connector is needed to know which connection to end");
        }
        connections.terminateConnection(exchange.context(), id, exchange.object(connector));
    }

    private void rollDetaching(Exchange exchange) {
        ROLL_DETACHING_BODY.validate(exchange.body());
        String id = exchange.path("id");
        volumes.show(exchange.context(), id);
        Policy.mayChange(exchange.context(), "volume_extension:volume_actions:roll_detaching");
        connections.rollDetaching(exchange.context(), id);
    }

    private static Schema body(String action, Schema schema) {
        return Schema.type("object")
                .properties(Map.of(action, schema))
                .require(action)
                .only(List.of(action));
    }
}
