package dev.reseat.api.store.cinder;

import dev.reseat.api.model.VolumeCondition;
import dev.reseat.api.store.Selection;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@link VolumeCondition}s in SQL. Texts of callers are bound; numbers and times are written by us. */
final class ConditionSql {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS");

    private static final String OF_CLUSTER =
            "(v.cluster_name = ? OR v.cluster_name LIKE ? ESCAPE '!' OR v.cluster_name LIKE ? ESCAPE '!')";

    private static final String OF_IMAGE = """
            EXISTS (SELECT 1 FROM volume_glance_metadata m
                    WHERE m.volume_id = v.id AND NOT m.deleted AND m."key" = ? AND m.value = ?)""";

    private ConditionSql() {}

    static void add(Selection selection, VolumeCondition condition) {
        switch (condition) {
            case VolumeCondition.OneOf(VolumeCondition.Text column, var texts) ->
                selection.andIn(name(column), texts);
            case VolumeCondition.Absent(VolumeCondition.Text column) -> selection.and(name(column) + " IS NULL");
            case VolumeCondition.Contains(VolumeCondition.Text column, String part) ->
                selection.and(name(column) + " LIKE ?", "%" + part + "%");
            case VolumeCondition.OfCluster(String name) -> {
                if (!name.isEmpty()) {
                    selection.and(OF_CLUSTER, name, VolumeTable.beginning(name + "#"),
                            VolumeTable.beginning(name + "@"));
                }
            }
            case VolumeCondition.OfImage(String key, String value) -> selection.and(OF_IMAGE, key, value);
            case VolumeCondition.Is(VolumeCondition.Flag column, boolean value) ->
                selection.and(name(column) + " = " + value);
            case VolumeCondition.Size(var sizes) -> selection.and("v.size IN ("
                    + sizes.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")");
            case VolumeCondition.Compared(VolumeCondition.Time column, var comparison, var time) ->
                selection.and(name(column) + " " + comparison.operator() + " TIMESTAMP '" + TIME.format(time) + "'");
        }
    }

    private static String name(Enum<?> column) {
        return "v." + column.name().toLowerCase(Locale.ROOT);
    }
}
