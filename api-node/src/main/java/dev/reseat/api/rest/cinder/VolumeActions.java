package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.AttachRequest;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.rest.schema.StateBody;
import dev.reseat.api.service.LegacyConnections;
import dev.reseat.api.service.ResetVolume;
import dev.reseat.api.service.StateRequest;
import dev.reseat.api.service.Volumes;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/**
 * {@code POST /volumes/{id}/action}. The order of checks is Cinder's: action, body, volume, policy, and then the rules
 * of the service.
 */
public final class VolumeActions implements Resource {
    private static final String RESET_STATUS = "os-reset_status";
    private static final String TERMINATE_CONNECTION = "os-terminate_connection";
    private static final String ROLL_DETACHING = "os-roll_detaching";
    private static final String RESERVE = "os-reserve";
    private static final String UNRESERVE = "os-unreserve";
    private static final String BEGIN_DETACHING = "os-begin_detaching";
    private static final String ATTACH = "os-attach";
    private static final String DETACH = "os-detach";
    private static final String INITIALIZE_CONNECTION = "os-initialize_connection";
    private static final String FORCE_DETACH = "os-force_detach";

    private static final String ACTION = "volume_extension:volume_actions:";
    private static final String ADMIN_ACTION = "volume_extension:volume_admin_actions:";
    private static final String TERMINATE = ACTION + "terminate_connection";

    /** What Cinder does and Reseat does not. */
    private static final Set<String> NOT_SERVED = Set.of(
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

    private static final Schema RESET_STATUS_BODY = ConnectionBody.action(RESET_STATUS, StateBody.schema(Map.of()));
    private static final Schema TERMINATE_CONNECTION_BODY = ConnectionBody.terminateConnection();
    private static final Schema INITIALIZE_CONNECTION_BODY = ConnectionBody.initializeConnection();
    private static final Schema ATTACH_BODY = ConnectionBody.attach();
    private static final Schema DETACH_BODY = ConnectionBody.detach();
    private static final Schema FORCE_DETACH_BODY = ConnectionBody.forceDetach();

    private final Volumes volumes;
    private final ResetVolume resets;
    private final LegacyConnections connections;

    @Inject
    public VolumeActions(Volumes volumes, ResetVolume resets, LegacyConnections connections) {
        this.volumes = volumes;
        this.resets = resets;
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
            case INITIALIZE_CONNECTION -> initializeConnection(exchange);
            case TERMINATE_CONNECTION -> terminateConnection(exchange);
            case ATTACH -> attach(exchange);
            case DETACH -> detach(exchange);
            case FORCE_DETACH -> forceDetach(exchange);
            case ROLL_DETACHING -> change(exchange, "roll_detaching", connections::rollDetaching);
            case RESERVE -> change(exchange, "reserve", connections::reserve);
            case UNRESERVE -> change(exchange, "unreserve", connections::unreserve);
            case BEGIN_DETACHING -> change(exchange, "begin_detaching", connections::beginDetaching);
            default -> throw NOT_SERVED.contains(action)
                    ? new HttpFault(501, "Reseat does not serve " + action + "; ask the block storage service itself.")
                    : ActionBody.unknown(action);
        }
    }

    private void resetStatus(Exchange exchange) {
        StateRequest request = StateBody.read(wanted(exchange, RESET_STATUS_BODY, RESET_STATUS));
        String id = allowed(exchange, ADMIN_ACTION + "reset_status");
        resets.reset(exchange.context(), id, request);
        exchange.empty(202);
    }

    private void initializeConnection(Exchange exchange) {
        JsonNode wanted = wanted(exchange, INITIALIZE_CONNECTION_BODY, INITIALIZE_CONNECTION);
        String id = allowed(exchange, ACTION + "initialize_connection");
        Map<String, Object> connector = ConnectionBody.connector(wanted, exchange::object).orElse(Map.of());
        exchange.json(200, Map.of(
                "connection_info", connections.initializeConnection(exchange.context(), id, connector)));
    }

    private void terminateConnection(Exchange exchange) {
        JsonNode wanted = wanted(exchange, TERMINATE_CONNECTION_BODY, TERMINATE_CONNECTION);
        String id = allowed(exchange, TERMINATE);
        connections.terminateConnection(
                exchange.context(), id, ConnectionBody.connector(wanted, exchange::object));
        exchange.empty(202);
    }

    private void attach(Exchange exchange) {
        JsonNode wanted = wanted(exchange, ATTACH_BODY, ATTACH);
        String id = allowed(exchange, ACTION + "attach");
        connections.attach(exchange.context(), id, new AttachRequest(
                wanted.path("instance_uuid").stringValueOpt(),
                wanted.path("host_name").stringValueOpt(),
                wanted.path("mountpoint").stringValue(),
                wanted.path("mode").stringValueOpt().orElse("rw")));
        exchange.empty(202);
    }

    private void detach(Exchange exchange) {
        JsonNode wanted = wanted(exchange, DETACH_BODY, DETACH);
        String id = allowed(exchange, ACTION + "detach");
        connections.detach(exchange.context(), id, ConnectionBody.attachmentId(wanted));
        exchange.empty(202);
    }

    private void forceDetach(Exchange exchange) {
        JsonNode wanted = wanted(exchange, FORCE_DETACH_BODY, FORCE_DETACH);
        String id = allowed(exchange, ADMIN_ACTION + "force_detach", TERMINATE, ACTION + "detach");
        connections.forceDetach(
                exchange.context(), id, ConnectionBody.connector(wanted, exchange::object),
                ConnectionBody.attachmentId(wanted));
        exchange.empty(202);
    }

    private static JsonNode wanted(Exchange exchange, Schema schema, String action) {
        schema.validate(exchange.body());
        return exchange.body().get(action);
    }

    /** The id of a volume that there is, for somebody who may do that with it. */
    private String allowed(Exchange exchange, String... rules) {
        String id = exchange.path("id");
        volumes.show(exchange.context(), id);
        for (String rule : rules) {
            exchange.authorize(rule);
        }
        return id;
    }

    /** Of the status alone; the body's value says nothing. */
    private void change(Exchange exchange, String rule, BiConsumer<RequestContext, String> change) {
        String id = allowed(exchange, ACTION + rule);
        change.accept(exchange.context(), id);
        exchange.empty(202);
    }
}
