package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code POST /reseat/v1/block-device-mappings/{uuid}/refresh} takes; everything may be left out.
 *
 * @param connector the host's connector; otherwise its agent is asked
 * @param reason recorded; needed with {@code acceptUnknown}
 * @param acceptUnknown take another host that cannot be asked not to use the volume
 * @param dryRun only look, change nothing
 */
@JsonInclude(Include.NON_EMPTY)
public record RefreshBody(
        Optional<Map<String, Object>> connector,
        Optional<String> reason,
        @JsonInclude(Include.NON_DEFAULT) boolean acceptUnknown,
        @JsonInclude(Include.NON_DEFAULT) boolean dryRun) {}
