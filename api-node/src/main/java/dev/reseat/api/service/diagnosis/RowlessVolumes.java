package dev.reseat.api.service.diagnosis;

import dev.reseat.api.model.Volume;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Cell;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.nova.MappedVolumeTable;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Volumes that Cinder has no row of, and that a host, a guest, a backend or a mapping of Nova's has all the same. */
public final class RowlessVolumes {
    private static final int AT_ONCE = 1000;

    private final Database database;
    private final Cells cells;
    private final VolumeTable volumes;
    private final MappedVolumeTable mapped;
    private final InventoryDiagnosis diagnosis;

    @Inject
    RowlessVolumes(
            Database database, Cells cells, VolumeTable volumes, MappedVolumeTable mapped,
            InventoryDiagnosis diagnosis) {
        this.database = database;
        this.cells = cells;
        this.volumes = volumes;
        this.mapped = mapped;
        this.diagnosis = diagnosis;
    }

    /**
     * One of them.
     *
     * @param hosts that hold it or have it in a guest, sorted
     * @param backends that let somebody in, or see somebody, sorted
     */
    public record Rowless(String volumeId, List<String> hosts, List<String> backends, Diagnosis.Found found) {}

    /**
     * All of them that this reading shows, in no particular order.
     *
     * @throws StoreException if Cinder's rows cannot be read: then nobody knows which have none
     */
    public List<Rowless> find(InventoryReading reading) {
        List<Rowless> all = new ArrayList<>();
        Iterator<String> seen = reading.ids().iterator();
        while (seen.hasNext()) {
            List<String> some = new ArrayList<>();
            while (seen.hasNext() && some.size() < AT_ONCE) {
                some.add(seen.next());
            }
            all.addAll(lookAt(reading, some));
        }
        all.addAll(mappedOnly(reading));
        return all;
    }

    /** Those that nothing but a mapping shows, in the cells that can be read. */
    private List<Rowless> mappedOnly(InventoryReading reading) {
        List<Rowless> all = new ArrayList<>();
        for (Cell cell : cells.all()) {
            List<String> ids = mappedAfter(reading, cell, "");
            while (!ids.isEmpty()) {
                all.addAll(lookAt(reading, ids.stream().filter(id -> !reading.names(id)).toList()));
                ids = mappedAfter(reading, cell, ids.getLast());
            }
        }
        return all;
    }

    private List<String> mappedAfter(InventoryReading reading, Cell cell, String last) {
        try {
            return cell.transaction(tx -> mapped.mappedIds(tx, last, AT_ONCE));
        } catch (StoreException e) {
            reading.missCell(cell.name(), e.getMessage());
            return List.of();
        }
    }

    private List<Rowless> lookAt(InventoryReading reading, List<String> ids) {
        Set<String> known = database.cinder().transaction(tx -> volumes.known(tx, ids));
        List<Volume> unknown = ids.stream().filter(id -> !known.contains(id)).map(RowlessVolumes::named).toList();
        List<Diagnosis.Found> found = unknown.isEmpty() ? List.of() : diagnosis.lookAtRowless(reading, unknown);
        List<Rowless> rowless = new ArrayList<>();
        for (int i = 0; i < unknown.size(); i++) {
            String id = unknown.get(i).id();
            rowless.add(new Rowless(
                    id, reading.holders(id).stream().sorted().toList(), reading.exporters(id), found.get(i)));
        }
        return rowless;
    }

    /** A volume of which nothing is known but its id. */
    private static Volume named(String id) {
        Optional<String> none = Optional.empty();
        Optional<Instant> never = Optional.empty();
        return new Volume(
                id, none, none, none, none, 0, none, "none", none, none, none, none, none, none, none, none, none,
                none, none, none, none, none, none, none, none, none, false, false, Optional.empty(), false, never,
                never, never, Map.of(), Map.of(), List.of());
    }
}
