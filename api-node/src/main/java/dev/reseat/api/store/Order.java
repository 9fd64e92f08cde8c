package dev.reseat.api.store;

import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Sort.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The order of a list in SQL, in which no two rows are equal: it ends with the id. Where NULLs come is the database's
 * own order, which is OpenStack's too.
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
        if (page.limit().isEmpty() && page.offset() == 0) {
            return order;
        }
        // MariaDB knows no offset without a limit
        long limit = page.limit().isPresent() ? page.limit().getAsInt() : Long.MAX_VALUE;
        return order + " LIMIT " + limit + " OFFSET " + page.offset();
    }

    /**
     * The condition that a row of one alias comes after the row of the other, the marker. Rows that came or went in
     * between shift nothing.
     */
    public String comesAfter(String alias, String markerAlias, Dialect dialect) {
        List<String> cases = new ArrayList<>();
        List<String> equal = new ArrayList<>();
        for (By by : columns) {
            String row = alias + "." + by.column();
            String marker = markerAlias + "." + by.column();
            List<String> conditions = new ArrayList<>(equal);
            boolean nullsFirst = dialect.nullsFirst() == (by.direction() == Direction.ASC);
            conditions.add(isAfter(row, marker, by.direction(), nullsFirst));
            cases.add(String.join(" AND ", conditions));
            equal.add(row + " <is> " + marker);
        }
        return cases.stream().collect(Collectors.joining(" OR ", "(", ")"));
    }

    /** @param nullsFirst in this direction */
    private static String isAfter(String row, String marker, Direction direction, boolean nullsFirst) {
        String beyond = switch (direction) {
            case ASC -> row + " > " + marker;
            case DESC -> row + " < " + marker;
        };
        String absent = nullsFirst ? marker : row;
        String present = nullsFirst ? row : marker;
        return "(" + beyond + " OR (" + absent + " IS NULL AND " + present + " IS NOT NULL))";
    }
}
