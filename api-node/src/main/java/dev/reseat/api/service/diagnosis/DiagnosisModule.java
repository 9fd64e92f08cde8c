package dev.reseat.api.service.diagnosis;

import com.google.inject.AbstractModule;
import com.google.inject.Scopes;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import java.util.List;

/** The sources of truth. Needs store, remote and a clock. */
public final class DiagnosisModule extends AbstractModule {
    @Override
    protected void configure() {
        List.of(
                CircumstancesTable.class,
                ServiceTable.class,
                NovaRows.class,
                CinderRows.class,
                Hosts.class,
                Backends.class,
                FormerHost.class,
                FactReader.class,
                Diagnosis.class,
                InventoryDiagnosis.class,
                RowlessVolumes.class)
                .forEach(type -> bind(type).in(Scopes.SINGLETON));
    }
}
