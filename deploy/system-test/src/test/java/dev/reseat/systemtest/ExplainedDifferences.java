package dev.reseat.systemtest;

import dev.reseat.systemtest.StoredRows.Difference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Columns that ours leaves otherwise than theirs, on purpose: those of the table in this module's README. */
final class ExplainedDifferences {
    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "README.md");
    private static final Pattern LINE = Pattern.compile("\\| `([a-z_.]+)` \\| `([^`]*)` \\| `([^`]*)` \\| .+ \\|");

    private final Map<String, List<String>> byColumn;

    private ExplainedDifferences(Map<String, List<String>> byColumn) {
        this.byColumn = byColumn;
    }

    static ExplainedDifferences ofThePage() throws IOException {
        Map<String, List<String>> lines = new HashMap<>();
        for (String line : Files.readAllLines(PAGE.toAbsolutePath())) {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                lines.put(matcher.group(1), List.of(matcher.group(2), matcher.group(3)));
            }
        }
        return new ExplainedDifferences(lines);
    }

    /** Those that the page does not name, with these very values; {@code *} there stands for any. */
    List<Difference> unexplained(List<Difference> differences) {
        return differences.stream().filter(one -> !isExplained(one)).toList();
    }

    private boolean isExplained(Difference one) {
        List<String> values = byColumn.getOrDefault(one.column(), List.of());
        return !values.isEmpty() && matches(values.getFirst(), one.ours()) && matches(values.getLast(), one.theirs());
    }

    private static boolean matches(String said, String value) {
        return said.equals("*") || said.equals(value);
    }
}
