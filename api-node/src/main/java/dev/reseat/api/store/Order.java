package dev.reseat.api.store;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Sort.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The order of a list in SQL, in which no two rows are equal: it ends with the id. NULLs count as greater than
 * everything, which is PostgreSQL's own order.
 */
public record Order(List<By> columns) {
    private static final String ID = "id";

    public Order {
        columns = List.copyOf(columns);
    }

    /** One column, named by us: no caller's text becomes SQL. */
    public record By(String column, Direction direction) {}

    /** @param column the column of a key */
    public static <K extends Enum<K>> Order of(List<Sort<K>> sort, Function<K, String> column) {
        List<By> columns = new ArrayList<>();
        sort.forEach(by -> columns.add(new By(column.apply(by.key()), by.direction())));
        if (columns.stream().noneMatch(by -> by.column().equals(ID))) {
            columns.add(new By(ID, columns.getLast().direction()));
        }
        return new Order(columns);
    }

    /** {@code ORDER BY … LIMIT … OFFSET …} for the table of that alias. */
    public String tail(String alias, Page page) {
        String order = columns.stream()
                .map(by -> alias + "." + by.column() + " " + by.direction())
                .collect(Collectors.joining(", ", " ORDER BY ", ""));
        String limit = page.limit().isPresent() ? " LIMIT " + page.limit().getAsInt() : "";
        return order + limit + " OFFSET " + page.offset();
    }

    /**
     * The condition that a row of one alias comes after the row of the other, the marker. Rows that came or went in
     * between shift nothing.
     */
    public String comesAfter(String alias, String markerAlias) {
        List<String> cases = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (By by : columns) {
            String row = alias + "." + by.column();
            String marker = markerAlias + "." + by.column();
            List<String> conditions = new ArrayList<>(equal);
            conditions.add(isAfter(row, marker, by.direction()));
            cases.add(String.join(" AND ", conditions));
            equal.add(row + " IS NOT DISTINCT FROM " + marker);
        }
        return cases.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    private static String isAfter(String row, String marker, Direction direction) {
        return switch (direction) {
            case ASC -> "(" + row + " > " + marker + " OR (" + row + " IS NULL AND " + marker + " IS NOT NULL))";
            case DESC -> "(" + row + " < " + marker + " OR (" + row + " IS NOT NULL AND " + marker + " IS NULL))";
        };
    }
}
