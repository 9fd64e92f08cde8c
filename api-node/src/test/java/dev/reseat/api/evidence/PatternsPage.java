package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** {@code docs/operators/patterns.md}, written from the decision table. */
final class PatternsPage {
    private static final Path PAGE = Path.of("..", "docs", "operators", "patterns.md");

    private PatternsPage() {}

    static InputStream published() throws IOException {
        return Files.newInputStream(PAGE);
    }

    static void writeIfAsked(String page) throws IOException {
        if ("write".equals(System.getProperty("reseat.patterns"))) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, page);
        }
    }

    static String of(DecisionTable table) {
        StringJoiner page = new StringJoiner("\n", "", "\n");
        page.add("""
                # What can be wrong with a volume, and what may be done

                This page is made from the data that `reseat diagnose` decides by; do not edit it.

                Five sources are asked: Cinder's rows, Nova's rows, the guest, the host, the storage backend. Every row
                names the sources that must have said everything they were asked; while one of them is silent the
                verdict is pattern 30 and nothing is repaired. Rows exclude each other. A running guest keeps its disk:
                beside it nothing but completing, restoring and reporting is done.

                ## In order
                """);
        table.rows().stream().filter(DecisionRow::normal).forEach(row -> page.add(section(row)));
        page.add("## Patterns\n");
        table.rows().stream().filter(row -> !row.normal()).forEach(row -> page.add(section(row)));
        page.add(section(table.unknown()));
        page.add("## No pattern\n");
        page.add(section(table.unlisted()));
        return page.toString().stripTrailing() + "\n";
    }

    private static String section(DecisionRow row) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add("### " + row.id() + " " + row.name() + "\n").add(row.reading() + "\n");
        if (!row.normal()) {
            text.add("- Safe: " + row.safe() + " (`" + row.repair().text() + "`"
                    + (row.automatic() ? ", may be left to a policy)" : ")"));
            if (!row.never().isEmpty()) {
                text.add("- Never: " + row.never());
            }
            if (!row.command().isEmpty()) {
                text.add("- Command: `" + row.command() + "`");
            }
        }
        text.add("- Requires: "
                + row.requires().stream().sorted().map(Source::text).collect(Collectors.joining(", ")));
        int number = 1;
        for (Map<Fact, Set<String>> when : row.when()) {
            text.add("- " + (row.when().size() > 1 ? "When (" + number++ + "): " : "When: ") + when.entrySet()
                    .stream()
                    .map(condition -> condition.getKey().text() + " " + String.join("/", condition.getValue()))
                    .collect(Collectors.joining("; ")));
        }
        return text.toString();
    }
}
