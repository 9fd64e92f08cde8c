package dev.reseat.api.offline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/** A table as comma-separated values (RFC 4180) with a line of names; a field without any text is NULL. */
final class CsvTable {
    private final String text;
    private int at;

    private CsvTable(String text) {
        this.text = text;
    }

    /** @throws IllegalArgumentException if a row is longer or shorter than the line of names; no values are shown */
    static List<Map<String, String>> read(Path file) throws IOException {
        CsvTable table = new CsvTable(Files.readString(file));
        List<String> names = table.line();
        List<Map<String, String>> rows = new ArrayList<>();
        while (table.at < table.text.length()) {
            List<String> values = table.line();
            if (values.size() != names.size()) {
                throw new IllegalArgumentException(file + ": a row has " + values.size() + " columns, not "
                        + names.size());
            }
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                if (!values.get(i).isEmpty()) {
                    row.put(names.get(i), values.get(i));
                }
            }
            rows.add(row);
        }
        return rows;
    }

    static String text(SequencedSet<String> names, List<Map<String, String>> rows) {
        StringBuilder text = new StringBuilder(String.join(",", names)).append("\r\n");
        for (Map<String, String> row : rows) {
            text.append(names.stream()
                    .map(name -> quoted(row.getOrDefault(name, "")))
                    .collect(Collectors.joining(",")))
                    .append("\r\n");
        }
        return text.toString();
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "" : '"' + value.replace("\"", "\"\"") + '"';
    }

    private List<String> line() {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"' && quoted && at < text.length() && text.charAt(at) == '"') {
                field.append(c);
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (quoted || (c != ',' && c != '\n' && c != '\r')) {
                field.append(c);
            } else if (c == ',') {
                fields.add(field.toString());
                field.setLength(0);
            } else if (c == '\n') {
                break;
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
