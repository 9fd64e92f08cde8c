package dev.reseat.api.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * A table as Python's PrettyTable draws it, left aligned, which is what operators know from OpenStack's clients. For
 * one thread.
 */
public final class PrettyTable {
    private final List<List<String>> rows = new ArrayList<>();

    public PrettyTable(String... header) {
        rows.add(List.of(header));
    }

    /** {@code Property | Value}, sorted by property. */
    static PrettyTable ofProperties(Map<String, String> properties) {
        PrettyTable table = new PrettyTable("Property", "Value");
        new TreeMap<>(properties).forEach(table::row);
        return table;
    }

    /** {@code Property | Value} of the keys of a JSON object, sorted, but for those left out. */
    static PrettyTable ofObject(JsonNode object, String... leftOut) {
        return ofProperties(object.properties()
                .stream()
                .filter(entry -> !List.of(leftOut).contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> Shown.cell(entry.getValue()))));
    }

    /** @throws IllegalArgumentException if the row has other columns than the header */
    public PrettyTable row(String... cells) {
        if (cells.length != rows.getFirst().size()) {
            throw new IllegalArgumentException(rows.getFirst().size() + " columns needed: " + Arrays.toString(cells));
        }
        rows.add(Arrays.stream(cells).map(PrettyTable::printable).toList());
        return this;
    }

    /** The whole table, without a newline at its end. */
    @Override
    public String toString() {
        int[] widths = IntStream.range(0, rows.getFirst().size()).map(this::width).toArray();
        String rule = Arrays.stream(widths)
                .mapToObj(width -> "-".repeat(width + 2))
                .collect(Collectors.joining("+", "+", "+"));
        StringBuilder text = new StringBuilder(rule).append('\n');
        draw(rows.getFirst(), widths, text);
        text.append(rule).append('\n');
        rows.stream().skip(1).forEach(row -> draw(row, widths, text));
        return text.append(rule).toString();
    }

    private int width(int column) {
        return rows.stream().flatMap(row -> row.get(column).lines()).mapToInt(PrettyTable::length).max().orElse(0);
    }

    private static void draw(List<String> row, int[] widths, StringBuilder text) {
        List<List<String>> cells = row.stream().map(cell -> cell.lines().toList()).toList();
        int height = Math.max(1, cells.stream().mapToInt(List::size).max().orElse(1));
        for (int line = 0; line < height; line++) {
            for (int column = 0; column < widths.length; column++) {
                String part = line < cells.get(column).size() ? cells.get(column).get(line) : "";
                text.append("| ").append(part).append(" ".repeat(widths[column] - length(part) + 1));
            }
            text.append("|\n");
        }
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** Names come from users: what steers a terminal is shown instead of sent. */
    private static String printable(String text) {
        return text.codePoints()
                .mapToObj(c -> c != '\n' && Character.isISOControl(c) ? "\\x%02x".formatted(c) : Character.toString(c))
                .collect(Collectors.joining());
    }
}
