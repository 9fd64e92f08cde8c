package dev.reseat.api.store.cinder;

import dev.reseat.api.model.VolumeTotals;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Selection;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.EmptyHandling;

/** What is kept beside volumes and read on its own: of many their metadata, of each the image it was made from. */
public final class VolumeMetadataTable {
    @Inject
    public VolumeMetadataTable() {}

    /**
     * How many volumes there are, how large, with what metadata.
     *
     * @param projectId empty for every project
     */
    public VolumeTotals totals(Transaction tx, Optional<String> projectId) {
        Map<String, List<String>> metadata = new LinkedHashMap<>();
        Selection pairs = of(projectId).and("NOT m.deleted");
        pairs.query(tx, "SELECT DISTINCT m.\"key\", m.value FROM volume_metadata m"
                + " JOIN volumes v ON v.id = m.volume_id" + pairs.where() + " ORDER BY m.\"key\", m.value")
                .map((result, context) -> {
                    Row row = new Row(result);
                    return metadata.computeIfAbsent(row.text("key"), key -> new ArrayList<>())
                            .add(row.optionalText("value").orElse(""));
                })
                .list();
        Selection volumes = of(projectId);
        return volumes.query(tx, "SELECT count(*) AS volumes, COALESCE(sum(v.size), 0) AS size FROM volumes v"
                + volumes.where())
                .map((result, context) -> new VolumeTotals(
                        result.getInt("volumes"), result.getLong("size"), metadata))
                .one();
    }

    private static Selection of(Optional<String> projectId) {
        Selection volumes = new Selection().and("NOT v.deleted");
        projectId.ifPresent(project -> volumes.and("v.project_id = ?", project));
        return volumes;
    }

    /** What each of these volumes keeps of its image; one that is of no image is not in it. */
    public Map<String, Map<String, String>> ofImages(Transaction tx, List<String> volumeIds) {
        Map<String, Map<String, String>> all = new HashMap<>();
        tx.handle()
                .createQuery("SELECT volume_id, \"key\", value FROM volume_glance_metadata"
                        + " WHERE volume_id IN (<ids>) AND NOT deleted AND \"key\" IS NOT NULL ORDER BY id")
                .bindList(EmptyHandling.NULL_KEYWORD, "ids", volumeIds)
                .map((result, context) -> {
                    Row row = new Row(result);
                    return all.computeIfAbsent(row.text("volume_id"), id -> new LinkedHashMap<>())
                            .put(row.text("key"), row.optionalText("value").orElse(""));
                })
                .list();
        return all;
    }
}
