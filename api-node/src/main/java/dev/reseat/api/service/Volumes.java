package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;

/** Volumes as they are stored. */
public final class Volumes {
    private final Database database;
    private final VolumeTable table;

    @Inject
    public Volumes(Database database, VolumeTable table) {
        this.database = database;
        this.table = table;
    }

    /**
     * @throws ServiceException.NotFound if there is none, or it is another project's and the caller no administrator
     */
    public Volume show(RequestContext context, String id) {
        return database.cinder()
                .transaction(tx -> table.find(tx, id))
                .filter(volume -> context.isAdmin() || volume.projectId().equals(context.projectId()))
                .orElseThrow(() -> notFound(id));
    }

    static ServiceException.NotFound notFound(String id) {
        return new ServiceException.NotFound(ErrorCode.VOLUME_NOT_FOUND, "Volume " + id + " could not be found.");
    }

    /** @throws ServiceException.NotFound if the filter's marker does not exist */
    public List<Volume> list(VolumeFilter filter) {
        return database.cinder().transaction(tx -> table.list(tx, filter));
    }

    /** How many there are, whatever the filter's page. */
    public int count(VolumeFilter filter) {
        return database.cinder().transaction(tx -> table.count(tx, filter));
    }
}
