package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.AttachmentFilter;
import dev.reseat.api.model.BlockDevice;
import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.nova.BlockDeviceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import jakarta.inject.Inject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Finds the volumes of a request, page by page, in the order of their ids. */
final class VolumeSelector {
    private final Database database;
    private final Cells cells;
    private final Volumes volumes;
    private final AttachmentTable attachments;
    private final BlockDeviceTable devices;
    private final CircumstancesTable servers;

    @Inject
    VolumeSelector(
            Database database,
            Cells cells,
            Volumes volumes,
            AttachmentTable attachments,
            BlockDeviceTable devices,
            CircumstancesTable servers) {
        this.database = database;
        this.cells = cells;
        this.volumes = volumes;
        this.attachments = attachments;
        this.devices = devices;
        this.servers = servers;
    }

    /**
     * One more than the page holds, if there are more. A condition that fits nothing selects nothing.
     *
     * @throws dev.reseat.api.store.StoreException if a database cannot be asked: then nothing is selected at all
     */
    List<Volume> select(DiagnosisRequest request) {
        Optional<Set<String>> ids = ids(request);
        if (ids.filter(Set::isEmpty).isPresent()) {
            return List.of(); // an empty set of ids in a filter would mean every volume
        }
        return volumes.list(new VolumeFilter(
                request.project(),
                request.state().map(Set::of).orElse(Set.of()),
                Optional.empty(),
                request.backend(),
                Optional.empty(),
                Map.of(),
                ids.orElse(Set.of()),
                List.of(Sort.ascending(VolumeFilter.Key.ID)),
                new Page(request.after(), OptionalInt.of(request.limit() + 1), 0)));
    }

    /** The ids that fit every condition which names some; empty if no condition does. */
    private Optional<Set<String>> ids(DiagnosisRequest request) {
        Optional<Set<String>> named =
                request.volumes().isEmpty() ? Optional.empty() : Optional.of(Set.copyOf(request.volumes()));
        Optional<Set<String>> ofInstance = request.instance().map(this::ofInstance);
        Optional<Set<String>> ofHost = request.host().map(this::ofHost);
        return both(both(named, ofInstance), ofHost);
    }

    private static Optional<Set<String>> both(Optional<Set<String>> one, Optional<Set<String>> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        Set<String> common = new HashSet<>(one.get());
        common.retainAll(other.get());
        return Optional.of(common);
    }

    private Set<String> ofInstance(String uuid) {
        Set<String> ids = new HashSet<>();
        cells.ofInstance(uuid)
                .map(cell -> cell.transaction(tx -> devices.ofInstance(tx, uuid)))
                .orElse(List.of())
                .stream()
                .map(BlockDevice::volumeId)
                .flatMap(Optional::stream)
                .forEach(ids::add);
        attached(Optional.of(uuid), Optional.empty()).forEach(ids::add);
        return ids;
    }

    private Set<String> ofHost(String host) {
        Set<String> ids = new HashSet<>(cells.ofHost(host)
                .map(cell -> cell.transaction(tx -> servers.volumesOnHost(tx, host)))
                .orElse(List.of()));
        attached(Optional.empty(), Optional.of(host)).forEach(ids::add);
        return ids;
    }

    private List<String> attached(Optional<String> instance, Optional<String> host) {
        AttachmentFilter filter = new AttachmentFilter(
                Optional.empty(), Optional.empty(), instance, Optional.empty(), host, Set.of(), List.of(), Page.ALL);
        return database.cinder()
                .transaction(tx -> attachments.list(tx, filter))
                .stream()
                .map(Attachment::volumeId)
                .toList();
    }
}
