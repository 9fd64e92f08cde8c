package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.CinderService;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.ServiceTable;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** Cinder's services as they are stored. */
public final class VolumeServices {
    private final Database database;
    private final ServiceTable table;

    @Inject
    public VolumeServices(Database database, ServiceTable table) {
        this.database = database;
        this.table = table;
    }

    public List<CinderService> list() {
        return database.cinder().transaction(table::list);
    }

    /**
     * Whether schedulers may use a service.
     *
     * @param reason kept as it is if empty
     * @throws ServiceException.NotFound if there is none
     */
    public void disable(String host, String binary, boolean disabled, Optional<String> reason) {
        if (!database.cinder().transaction(tx -> table.disable(tx, host, binary, disabled, reason))) {
            throw new ServiceException.NotFound(
                    "Service " + binary + " could not be found on host " + host + ".");
        }
    }
}
