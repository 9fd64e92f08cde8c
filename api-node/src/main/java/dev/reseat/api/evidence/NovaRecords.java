package dev.reseat.api.evidence;

import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import java.util.List;
import java.util.Optional;

/**
 * What Nova has stored about a volume.
 *
 * @param mappings those that name the volume
 * @param instances those that the volume's attachments name, also deleted ones
 * @param failure why the rows could not be read; the lists are empty then and say nothing
 */
public record NovaRecords(List<VolumeMapping> mappings, List<Whereabouts> instances, Optional<String> failure) {
    /** Nothing was read. */
    public static final NovaRecords NONE = new NovaRecords(List.of(), List.of(), Optional.empty());

    public NovaRecords {
        mappings = List.copyOf(mappings);
        instances = List.copyOf(instances);
    }

    public static NovaRecords unreadable(String why) {
        return new NovaRecords(List.of(), List.of(), Optional.of(why));
    }

    public Optional<Whereabouts> instance(String uuid) {
        return instances.stream().filter(instance -> instance.uuid().equals(uuid)).findFirst();
    }
}
