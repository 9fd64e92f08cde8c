package dev.reseat.api.rest.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.util.List;
import java.util.Optional;

/**
 * A page of volumes.
 *
 * @param volumesLinks where the next page is; left out on the last one
 * @param count how many there are on all pages; left out unless asked for
 */
public record VolumePage<V>(
        List<V> volumes,
        @JsonInclude(Include.NON_EMPTY) List<ResourceLink> volumesLinks,
        @JsonInclude(Include.NON_EMPTY) Optional<Integer> count) {}
