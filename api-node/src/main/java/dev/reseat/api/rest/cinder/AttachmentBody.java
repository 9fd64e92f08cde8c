package dev.reseat.api.rest.cinder;

import dev.reseat.api.rest.ApiVersion;
import dev.reseat.api.rest.schema.Schema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What the bodies of attachment requests must look like. Follows {@code cinder.api.schemas.attachments}. */
final class AttachmentBody {
    /** With or without hyphens, as {@code oslo_utils.uuidutils.is_uuid_like} takes it. */
    private static final Pattern UUID = Pattern.compile("[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}");

    /** With a connector, which must not be empty. */
    static final Schema UPDATE = body(Schema.type("object")
            .properties(Map.of("connector", Schema.type("object").notEmpty()))
            .require("connector")
            .only(List.of("connector")));

    private static final Schema CREATE = create(false);
    private static final Schema CREATE_WITH_MODE = create(true);

    private AttachmentBody() {}

    /** The mode can be given from 3.54 on. */
    static Schema create(ApiVersion version) {
        return version.atLeast(3, 54) ? CREATE_WITH_MODE : CREATE;
    }

    private static Schema create(boolean withMode) {
        Schema uuid = Schema.type("string").format("uuid", text -> UUID.matcher(text).matches());
        Map<String, Schema> properties = new LinkedHashMap<>();
        properties.put("instance_uuid", uuid);
        properties.put("connector", Schema.type("object", "null"));
        properties.put("volume_uuid", uuid);
        if (withMode) {
            properties.put("mode", Schema.type("string").oneOf(List.of("rw", "ro")));
        }
        return body(Schema.type("object")
                .properties(properties)
                .require("volume_uuid")
                .only(properties.keySet()));
    }

    private static Schema body(Schema attachment) {
        return Schema.type("object")
                .properties(Map.of("attachment", attachment))
                .require("attachment")
                .only(List.of("attachment"));
    }
}
