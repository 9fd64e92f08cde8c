package dev.reseat.api.rest.json;

import dev.reseat.api.model.Volume;
import java.util.List;
import java.util.Optional;

/** A volume in {@code GET /volumes}. */
public record VolumeSummary(String id, Optional<String> name, List<ResourceLink> links) {
    public static VolumeSummary of(Volume volume, List<ResourceLink> links) {
        return new VolumeSummary(volume.id(), volume.displayName(), links);
    }
}
