package dev.reseat.api.offline;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rows of a few tables in what {@code pg_dump} or {@code mysqldump} write: COPY blocks and INSERT statements; the order
 * of columns where these do not name them is that of CREATE TABLE. All else is passed over. Reads line by line, so that
 * the dump of a large cloud needs no more memory than the rows that are kept.
 */
final class SqlDump {
    private static final Pattern CREATE = Pattern.compile("CREATE TABLE (?:IF NOT EXISTS )?([^ (]+).*");
    private static final Pattern COLUMN = Pattern.compile("\\s+([`\"]?)(\\w+)\\1\\s+\\S.*");
    private static final Pattern COPY = Pattern.compile("COPY ([^ (]+) \\((.*)\\) FROM stdin;");
    private static final Pattern INSERT =
            Pattern.compile("INSERT (?:IGNORE )?INTO ([^ (]+) (?:\\(([^)]*)\\) )?VALUES\\s*(.*)", Pattern.DOTALL);
    /** Stands before a table's rows, also where there are none: a dump without data says nothing of them. */
    private static final Pattern DATA =
            Pattern.compile("-- (?:Dumping data for table [`']?(\\w+)[`']?|Data for Name: (\\w+); Type: TABLE DATA).*");
    private static final Set<String> NO_COLUMNS = Set.of(
            "PRIMARY", "KEY", "UNIQUE", "CONSTRAINT", "INDEX", "CHECK", "FOREIGN", "FULLTEXT");

    private final Set<String> wanted;
    private final Map<String, List<String>> columns = new HashMap<>();
    private final Map<String, List<Map<String, String>>> rows = new HashMap<>();

    private SqlDump(Set<String> wanted) {
        this.wanted = wanted;
    }

    /**
     * @return for each table that the dump has, its rows; a column that is NULL is left out
     * @throws IllegalArgumentException if one of the tables cannot be read; the message says where, and shows no values
     */
    static Map<String, List<Map<String, String>>> read(Path file, Set<String> tables) throws IOException {
        SqlDump dump = new SqlDump(tables);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line;
            while ((line = lines.readLine()) != null) {
                dump.take(line, lines);
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        return dump.rows;
    }

    private void take(String line, BufferedReader lines) throws IOException {
        Matcher create = CREATE.matcher(line);
        Matcher copy = COPY.matcher(line);
        Matcher data = DATA.matcher(line);
        if (data.matches()) {
            String table = data.group(1) == null ? data.group(2) : data.group(1);
            if (wanted.contains(table)) {
                rows.computeIfAbsent(table, _ -> new ArrayList<>());
            }
        } else if (create.matches() && wanted.contains(name(create.group(1)))) {
            columns.put(name(create.group(1)), columns(lines));
        } else if (copy.matches() && wanted.contains(name(copy.group(1)))) {
            copy(name(copy.group(1)), names(copy.group(2)), lines);
        } else if (line.startsWith("INSERT ")) {
            insert(line, lines);
        }
    }

    private static List<String> columns(BufferedReader lines) throws IOException {
        List<String> names = new ArrayList<>();
        String line;
        while ((line = lines.readLine()) != null && !line.startsWith(")")) {
            Matcher column = COLUMN.matcher(line);
            if (column.matches()
                    && (!column.group(1).isEmpty() || !NO_COLUMNS.contains(column.group(2).toUpperCase(Locale.ROOT)))) {
                names.add(column.group(2));
            }
        }
        return names;
    }

    private void copy(String table, List<String> names, BufferedReader lines) throws IOException {
        List<Map<String, String>> kept = rows.computeIfAbsent(table, _ -> new ArrayList<>());
        String line;
        while ((line = lines.readLine()) != null && !line.equals("\\.")) {
            String[] values = line.split("\t", -1);
            if (values.length != names.size()) {
                throw new IllegalArgumentException("a row of " + table + " has " + values.length + " columns, not "
                        + names.size());
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < values.length; i++) {
                if (!values[i].equals("\\N")) {
                    row.put(names.get(i), unescaped(values[i]));
                }
            }
            kept.add(row);
        }
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(c == '\\' && i + 1 < text.length() ? SqlValues.escaped(text.charAt(++i)) : c);
        }
        return plain.toString();
    }

    /** A statement ends where its last value does: lines are added while a text is open. */
    private void insert(String first, BufferedReader lines) throws IOException {
        Matcher insert = INSERT.matcher(first);
        if (!insert.matches() || !wanted.contains(name(insert.group(1)))) {
            return;
        }
        String table = name(insert.group(1));
        List<String> names = insert.group(2) == null ? columns.get(table) : names(insert.group(2));
        if (names == null) {
            throw new IllegalArgumentException(
                    "the rows of " + table + " name no columns, and there is no CREATE TABLE");
        }
        boolean backslashes = insert.group(1).startsWith("`");
        List<Map<String, String>> kept = rows.computeIfAbsent(table, _ -> new ArrayList<>());
        for (List<String> values : new SqlValues(insert.group(3), backslashes, lines).rows()) {
            if (values.size() != names.size()) {
                throw new IllegalArgumentException("a row of " + table + " has " + values.size() + " columns, not "
                        + names.size());
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                if (values.get(i) != null) {
                    row.put(names.get(i), values.get(i));
                }
            }
            kept.add(row);
        }
    }

    private static String name(String text) {
        String bare = text.replaceAll("[`\"]", "");
        return bare.substring(bare.lastIndexOf('.') + 1);
    }

    private static List<String> names(String list) {
        return Arrays.stream(list.split(",", -1)).map(text -> name(text.strip())).toList();
    }
}
