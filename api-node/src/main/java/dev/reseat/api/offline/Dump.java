package dev.reseat.api.offline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One database in a folder: {@code NAME.sql}, as pg_dump or mysqldump write it, or {@code NAME/TABLE.csv}.
 *
 * @param rows of each table; NULL is left out
 */
record Dump(Map<String, List<Map<String, String>>> rows) {
    /** @throws IllegalArgumentException if a table is missing, so that its silence is not taken for emptiness */
    static Dump read(Path folder, String name, Set<String> tables) throws IOException {
        Path sql = folder.resolve(name + ".sql");
        Map<String, List<Map<String, String>>> rows =
                new HashMap<>(Files.exists(sql) ? SqlDump.read(sql, tables) : Map.of());
        for (String table : tables) {
            Path csv = folder.resolve(name).resolve(table + ".csv");
            if (Files.exists(csv)) {
                rows.put(table, CsvTable.read(csv));
            }
        }
        for (String table : tables) {
            if (!rows.containsKey(table)) {
                throw new IllegalArgumentException("there are no rows of " + name + "'s " + table + ": neither in "
                        + sql + " nor in " + folder.resolve(name).resolve(table + ".csv"));
            }
        }
        return new Dump(rows);
    }

    List<Map<String, String>> of(String table) {
        return rows.get(table);
    }

    static Optional<String> text(Map<String, String> row, String column) {
        return Optional.ofNullable(row.get(column));
    }

    /** PostgreSQL's booleans, MySQL's, and Nova's number of deletion. */
    static boolean isTrue(Map<String, String> row, String column) {
        return text(row, column).filter(value -> !Set.of("f", "false", "0").contains(value)).isPresent();
    }

    /** The first of these columns that has a time; all are UTC. */
    static Optional<Instant> time(Map<String, String> row, String... columns) {
        for (String column : columns) {
            Optional<String> value = text(row, column);
            if (value.isPresent()) {
                return Optional.of(parsed(value.get()));
            }
        }
        return Optional.empty();
    }

    private static Instant parsed(String text) {
        try {
            return LocalDateTime.parse(text.strip().replace(' ', 'T').replaceFirst("(Z|\\+00(:?00)?)$", ""))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no time: " + text, e);
        }
    }
}
