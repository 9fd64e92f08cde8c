package dev.reseat.api.service;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.ErrorCode;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.model.VolumeTotals;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.Gathered;
import dev.reseat.api.store.cinder.VolumeMetadataTable;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Volumes as they are stored. */
public final class Volumes {
    private static final int AT_ONCE = 200;

    private final Database database;
    private final VolumeTable table;
    private final VolumeMetadataTable metadata;
    private final Gathered<String, Optional<Volume>> found = new Gathered<>(AT_ONCE, this::find);

    @Inject
    public Volumes(Database database, VolumeTable table, VolumeMetadataTable metadata) {
        this.database = database;
        this.table = table;
        this.metadata = metadata;
    }

    /** In that order, each as often as it is in it. */
    private List<Optional<Volume>> find(List<String> ids) {
        Map<String, Volume> there = database.cinder()
                .transaction(tx -> table.findAll(tx, ids.stream().distinct().toList()))
                .stream()
                .collect(Collectors.toMap(Volume::id, volume -> volume));
        return ids.stream().map(id -> Optional.ofNullable(there.get(id))).toList();
    }

    /**
     * @throws ServiceException.NotFound if there is none, or it is another project's and the caller no administrator
     */
    public Volume show(RequestContext context, String id) {
        return found.ask(id)
                .filter(volume -> context.isAdmin() || volume.projectId().equals(context.projectId()))
                .orElseThrow(() -> notFound(id));
    }

    /** The same of many at once; those that there are not, or that are not the caller's, are not in it. */
    List<Volume> showAll(RequestContext context, List<String> ids) {
        return database.cinder()
                .transaction(tx -> table.findAll(tx, ids))
                .stream()
                .filter(volume -> context.isAdmin() || volume.projectId().equals(context.projectId()))
                .toList();
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

    /**
     * All of them together.
     *
     * @param projectId empty for every project
     */
    public VolumeTotals totals(Optional<String> projectId) {
        return database.cinder().transaction(tx -> metadata.totals(tx, projectId));
    }

    /** What each of these volumes keeps of the image it was made from; others are not in it. */
    public Map<String, Map<String, String>> images(List<Volume> of) {
        return of.isEmpty()
                ? Map.of()
                : database.cinder()
                        .transaction(tx -> metadata.ofImages(tx, of.stream().map(Volume::id).toList()));
    }
}
