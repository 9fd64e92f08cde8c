package dev.reseat.api.store.cell;

import static java.util.Objects.requireNonNull;

/**
 * A row of {@code cell_mappings}, as it is stored: both addresses may be templates.
 *
 * @param name empty if the cell has none
 * @param transportUrl a secret
 * @param databaseConnection a secret
 */
record CellMapping(String uuid, String name, String transportUrl, String databaseConnection) {
    CellMapping {
        requireNonNull(uuid, "uuid is null");
        requireNonNull(name, "name is null");
        requireNonNull(transportUrl, "transportUrl is null");
        requireNonNull(databaseConnection, "databaseConnection is null");
    }

    /** Which cell, never its addresses. */
    @Override
    public String toString() {
        return name.isEmpty() ? uuid : name;
    }
}
