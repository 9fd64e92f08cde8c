package dev.reseat.api.store.cell;

import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What Nova's API database says of cells; each is named by its uuid. Reads only. Stateless. */
public final class CellMappingTable {
    @Inject
    public CellMappingTable() {}

    /** All cells, the one for instances that found no host included. */
    List<CellMapping> all(Transaction tx) {
        return tx.handle()
                .createQuery("SELECT uuid, name, transport_url, database_connection FROM cell_mappings ORDER BY id")
                .map((result, context) -> {
                    Row row = new Row(result);
                    return new CellMapping(
                            row.text("uuid"),
                            row.optionalText("name").orElse(""),
                            row.optionalText("transport_url").orElse(""),
                            row.optionalText("database_connection").orElse(""));
                })
                .list();
    }

    /** Hosts and the cells that they are in. */
    Map<String, String> hosts(Transaction tx) {
        Map<String, String> hosts = new HashMap<>();
        tx.handle()
                .createQuery("SELECT h.host, c.uuid FROM host_mappings h JOIN cell_mappings c ON c.id = h.cell_id")
                .map((result, context) -> Map.entry(result.getString(1), result.getString(2)))
                .forEach(pair -> hosts.put(pair.getKey(), pair.getValue()));
        return hosts;
    }

    /** Empty if there is no such instance, or it is not in a cell yet. */
    Optional<String> ofInstance(Transaction tx, String instanceUuid) {
        return tx.handle()
                .createQuery("""
                        SELECT c.uuid FROM instance_mappings m JOIN cell_mappings c ON c.id = m.cell_id
                        WHERE m.instance_uuid = :uuid
                        """)
                .bind("uuid", instanceUuid)
                .mapTo(String.class)
                .findOne();
    }

    /** Where a project has instances. */
    Set<String> ofProject(Transaction tx, String projectId) {
        return new HashSet<>(tx.handle()
                .createQuery("""
                        SELECT DISTINCT c.uuid FROM instance_mappings m JOIN cell_mappings c ON c.id = m.cell_id
                        WHERE m.project_id = :project
                        """)
                .bind("project", projectId)
                .mapTo(String.class)
                .list());
    }
}
