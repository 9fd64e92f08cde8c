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
 * @param failure why not all rows could be read that the volume's own are among: what is not in the lists is unknown
 * @param doubts why rows could not be read among which another mapping of the volume might be
 */
public record NovaRecords(
        List<VolumeMapping> mappings, List<Whereabouts> instances, Optional<String> failure, List<String> doubts) {
    /** Nothing was read. */
    public static final NovaRecords NONE = of(List.of(), List.of());

    public NovaRecords {
        mappings = List.copyOf(mappings);
        instances = List.copyOf(instances);
        doubts = List.copyOf(doubts);
    }

    /** All that there is. */
    public static NovaRecords of(List<VolumeMapping> mappings, List<Whereabouts> instances) {
        return new NovaRecords(mappings, instances, Optional.empty(), List.of());
    }

    public static NovaRecords unreadable(String why) {
        return new NovaRecords(List.of(), List.of(), Optional.of(why), List.of());
    }

    /** Mappings of servers that exist. */
    public List<VolumeMapping> living() {
        return mappings.stream()
                .filter(mapping -> mapping.instance().filter(server -> !server.deleted()).isPresent())
                .toList();
    }

    /** Whether another mapping of the volume may be in rows that could not be read. */
    public boolean mayHaveMore() {
        return failure.isPresent() || !doubts.isEmpty();
    }

    /** Whether nothing was seen of a server that has the volume, and there may be one all the same. */
    public boolean mayHaveAny() {
        return mayHaveMore() && living().isEmpty();
    }

    public Optional<Whereabouts> instance(String uuid) {
        return instances.stream().filter(instance -> instance.uuid().equals(uuid)).findFirst();
    }
}
