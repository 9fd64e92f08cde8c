package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * A volume of a server, in Nova's {@code os-volume_attachments}.
 *
 * @param more what depends on the microversion
 */
public record ServerAttachmentView(
        @JsonProperty("volumeId") String volumeId,
        @JsonProperty("serverId") String serverId,
        @JsonAnyGetter @JsonAnySetter Map<String, Object> more) {}
