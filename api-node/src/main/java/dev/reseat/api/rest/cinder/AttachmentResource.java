package dev.reseat.api.rest.cinder;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.rest.Api;
import dev.reseat.api.rest.Exchange;
import dev.reseat.api.rest.HttpFault;
import dev.reseat.api.rest.Resource;
import dev.reseat.api.rest.Routes;
import dev.reseat.api.rest.json.AttachmentSummary;
import dev.reseat.api.rest.json.AttachmentView;
import dev.reseat.api.rest.schema.Schema;
import dev.reseat.api.service.Attachments;
import dev.reseat.api.service.Volumes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** {@code /attachments}, from microversion 3.27 on; {@code os-complete} from 3.44 on. */
public final class AttachmentResource implements Resource {
    private static final String COMPLETE = "os-complete";

    private final Attachments attachments;
    private final Volumes volumes;

    @Inject
    public AttachmentResource(Attachments attachments, Volumes volumes) {
        this.attachments = attachments;
        this.volumes = volumes;
    }

    @Override
    public void register(Routes routes) {
        routes.get(Api.CINDER, "/attachments", exchange -> list(exchange, AttachmentSummary::of))
                .get(
                        Api.CINDER,
                        "/attachments/detail",
                        exchange -> list(exchange, attachment -> AttachmentView.of(attachment, Optional.empty())))
                .get(Api.CINDER, "/attachments/{id}", this::show)
                .post(Api.CINDER, "/attachments", this::create)
                .add(Api.CINDER, "PUT", "/attachments/{id}", this::update)
                .add(Api.CINDER, "DELETE", "/attachments/{id}", this::delete)
                .post(Api.CINDER, "/attachments/{id}/action", this::act);
    }

    private void show(Exchange exchange) {
        exchange.since(3, 27);
        Attachment attachment = attachments.show(exchange.context(), exchange.path("id"));
        Optional<String> format = Optional.ofNullable(
                volumes.show(exchange.context(), attachment.volumeId()).adminMetadata().get("format"));
        exchange.json(200, Map.of("attachment", AttachmentView.of(attachment, format)));
    }

    private void list(Exchange exchange, Function<Attachment, ?> view) {
        exchange.since(3, 27);
        Optional<AttachmentFilter> filter = AttachmentQuery.of(exchange);
        filter.flatMap(wanted -> wanted.page().marker())
                .ifPresent(marker -> attachments.show(exchange.context(), marker));
        List<Attachment> page = filter.map(attachments::list).orElse(List.of());
        exchange.json(200, Map.of("attachments", page.stream().map(view).toList()));
    }

    private void create(Exchange exchange) {
        exchange.since(3, 27);
        JsonNode wanted = wanted(exchange, AttachmentBody.create(exchange.version()));
        exchange.authorize("volume:attachment_create");
        Attachment made = attachments.create(
                exchange.context(),
                wanted.get("volume_uuid").stringValue(),
                wanted.path("instance_uuid").stringValueOpt(),
                Optional.of(wanted.path("connector"))
                        .filter(connector -> connector.isObject() && !connector.isEmpty())
                        .map(exchange::object),
                wanted.path("mode").stringValueOpt());
        exchange.json(200, Map.of("attachment", AttachmentView.of(made, Optional.empty())));
    }

    private void update(Exchange exchange) {
        exchange.since(3, 27);
        JsonNode wanted = wanted(exchange, AttachmentBody.UPDATE);
        attachments.show(exchange.context(), exchange.path("id"));
        exchange.authorize("volume:attachment_update");
        Attachment changed = attachments.update(
                exchange.context(), exchange.path("id"), exchange.object(wanted.get("connector")));
        exchange.json(200, Map.of("attachment", AttachmentView.of(changed, Optional.empty())));
    }

    private void delete(Exchange exchange) {
        exchange.since(3, 27);
        attachments.show(exchange.context(), exchange.path("id"));
        exchange.authorize("volume:attachment_delete");
        List<Attachment> left = attachments.delete(exchange.context(), exchange.path("id"));
        exchange.json(200, Map.of("attachments", left.stream().map(AttachmentSummary::of).toList()));
    }

    private void act(Exchange exchange) {
        String action = ActionBody.action(exchange.body());
        if (!action.equals(COMPLETE)) {
            throw ActionBody.unknown(action);
        }
        exchange.since(3, 44);
        attachments.show(exchange.context(), exchange.path("id"));
        exchange.authorize("volume:attachment_complete");
        attachments.complete(exchange.context(), exchange.path("id"));
        exchange.empty(204);
    }

    private static JsonNode wanted(Exchange exchange, Schema schema) {
        if (exchange.body().isMissingNode()) {
            throw HttpFault.malformedBody();
        }
        schema.validate(exchange.body());
        return exchange.body().get("attachment");
    }
}
