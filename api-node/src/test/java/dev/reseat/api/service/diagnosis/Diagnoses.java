package dev.reseat.api.service.diagnosis;

import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.AttachmentTable;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import dev.reseat.api.store.nova.WhereaboutsTable;
import java.time.InstantSource;

/** The collectors put together, as the process does it. */
public final class Diagnoses {
    private Diagnoses() {}

    public static Diagnosis of(
            Database database, ComputeClient computes, VolumeClient volumes, InstantSource clock) {
        Cells cells = Cells.of(database);
        return new Diagnosis(
                new NovaRows(cells, new WhereaboutsTable(), clock),
                new CinderRows(clock),
                new Hosts(computes, clock),
                new Backends(volumes, clock),
                new FormerHost(database, new AttachmentTable()),
                new FactReader(database, cells, new CircumstancesTable(), new ServiceTable()));
    }

    /** The same by inventories. */
    public static InventoryDiagnosis byInventory(
            Database database, ComputeClient computes, VolumeClient volumes, InstantSource clock) {
        Cells cells = Cells.of(database);
        return new InventoryDiagnosis(
                database,
                cells,
                new NovaRows(cells, new WhereaboutsTable(), clock),
                new CinderRows(clock),
                new FormerHost(database, new AttachmentTable()),
                new CircumstancesTable(),
                new ServiceTable(),
                new Hosts(computes, clock),
                new Backends(volumes, clock),
                computes,
                volumes,
                clock);
    }
}
