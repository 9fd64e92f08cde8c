package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.CinderService;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.ServiceView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.VolumeServices;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /os-services}: which services there are, whether they report, and whether schedulers may use them. Follows
 * {@code cinder.api.contrib}.
 */
public final class VolumeServiceResource implements Resource {
    private static final int LONGEST = 255;
    private static final String BINARY = "binary";
    private static final String SERVICE = "service";
    private static final String DISABLED_REASON = "disabled_reason";
    private static final String WITH_REASON = "disable-log-reason";
    /** As upstream has it: messages show it. */
    private static final String HOST = "^[a-zA-Z0-9-._#@:/+\\[\\]]*$";
    private static final Schema BODY = body(false);
    private static final Schema REASON_BODY = body(true);

    private final VolumeServices services;

    @Inject
    public VolumeServiceResource(VolumeServices services) {
        this.services = services;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.CINDER, "/os-services", this::list)
                .add(Api.CINDER, "PUT", "/os-services/{action}", this::update);
    }

    private void update(Exchange exchange) {
        exchange.authorize("volume_extension:services:update");
        String action = exchange.path("action");
        switch (action) {
            case "enable", "disable", WITH_REASON -> disable(exchange, action);
            case "freeze", "thaw", "failover_host", "failover", "set-log", "get-log" -> throw new HttpFault(501,
                    "Reseat does not serve " + action + "; ask the block storage service itself.");
            default -> throw HttpFault.badRequest("Invalid input received: Unknown action");
        }
    }

    private void disable(Exchange exchange, String action) {
        boolean withReason = action.equals(WITH_REASON);
        boolean disabled = !action.equals("enable");
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        (withReason ? REASON_BODY : BODY).validate(exchange.body());
        String host = text(exchange, "host");
        if (host.isEmpty()) {
            throw HttpFault.badRequest("Invalid input received: Host field is missing.");
        }
        Optional<String> reason = exchange.body().path(DISABLED_REASON).stringValueOpt();
        String binary = text(exchange, BINARY);
        String service = text(exchange, SERVICE);
        services.disable(host, binary.isEmpty() ? service : binary, disabled, reason.filter(_ -> withReason));
        Map<String, Object> answer = new LinkedHashMap<>();
        if (withReason) {
            answer.put(DISABLED_REASON, reason);
        }
        answer.put("disabled", disabled);
        answer.put("host", host);
        answer.put(SERVICE, service);
        answer.put(BINARY, binary);
        answer.put("status", disabled ? "disabled" : "enabled");
        exchange.json(200, answer);
    }

    private static String text(Exchange exchange, String key) {
        return exchange.body().path(key).stringValueOpt().orElse("");
    }

    private static Schema body(boolean withReason) {
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put(BINARY, Schema.type("string").length(1, LONGEST));
        properties.put("host", Schema.type("string", "null").length(1, LONGEST).matching(HOST));
        properties.put("cluster", Schema.type("string", "null").length(0, LONGEST));
        properties.put(SERVICE, Schema.type("string").length(1, LONGEST));
        if (withReason) {
            properties.put(DISABLED_REASON, Schema.type("string")
                    .length(1, LONGEST)
                    .format(DISABLED_REASON, text -> !text.isBlank()));
        }
        return Schema.type("object")
                .properties(properties)
                .requireAny(List.of(BINARY, SERVICE))
                .only(properties.keySet());
    }

    private void list(Exchange exchange) {
        exchange.authorize("volume_extension:services:index");
        Optional<String> host = exchange.query().text("host").filter(name -> !name.isEmpty());
        Optional<String> binary = exchange.query().text("binary");
        exchange.json(200, Map.of("services", services.list()
                .stream()
                .filter(service -> host.isEmpty() || isAt(service, host.get()))
                .filter(service -> binary.isEmpty() || binary.get().equals(service.binary()))
                .map(service -> ServiceView.of(
                        service, exchange.version().atLeast(3, 7), exchange.version().atLeast(3, 49)))
                .toList()));
    }

    /** A host's name stands for all its backends. */
    private static boolean isAt(CinderService service, String host) {
        return service.host().equals(host) || service.host().startsWith(host + "@")
                || service.host().startsWith(host + "#");
    }
}
