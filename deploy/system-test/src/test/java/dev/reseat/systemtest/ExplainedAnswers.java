package dev.reseat.systemtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Answers that are not cinder-api's, on purpose: the table of {@code docs/operators/cinder-differences.md}. */
final class ExplainedAnswers {
    static final Path PAGE = Path.of(System.getProperty("basedir", ""), "../../docs/operators/cinder-differences.md");
    private static final Pattern LINE =
            Pattern.compile("\\| `([^`]+)` \\| `([^`]+)` \\| `([^`]*)` \\| `([^`]*)` \\| (.+) \\|");

    private final List<Explanation> explanations;
    private final Set<Explanation> used = new HashSet<>();

    private ExplainedAnswers(List<Explanation> explanations) {
        this.explanations = explanations;
    }

    /**
     * One difference between two answers.
     *
     * @param what status, a header's name, or the place in the body
     */
    record Difference(String request, String what, String ours, String theirs) {}

    /** A row of the table; {@code *} stands for anything. */
    private record Explanation(Pattern request, Pattern what, Pattern ours, Pattern theirs, String line) {
        boolean explains(Difference one) {
            return request.matcher(one.request()).matches() && what.matcher(one.what()).matches()
                    && ours.matcher(one.ours()).matches() && theirs.matcher(one.theirs()).matches();
        }
    }

    static ExplainedAnswers ofThePage() throws IOException {
        List<Explanation> rows = new ArrayList<>();
        for (String line : Files.readAllLines(PAGE.toAbsolutePath())) {
            Matcher row = LINE.matcher(line);
            if (row.matches()) {
                rows.add(new Explanation(
                        pattern(row.group(1)), pattern(row.group(2)), pattern(row.group(3)), pattern(row.group(4)),
                        line));
            }
        }
        return new ExplainedAnswers(rows);
    }

    private static Pattern pattern(String said) {
        return Pattern.compile(
                Stream.of(said.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    /** Those that no row explains. */
    List<Difference> unexplained(List<Difference> differences) {
        return differences.stream().filter(one -> !isExplained(one)).toList();
    }

    private boolean isExplained(Difference one) {
        List<Explanation> fitting = explanations.stream().filter(row -> row.explains(one)).toList();
        used.addAll(fitting);
        return !fitting.isEmpty();
    }

    /** Rows that have explained nothing. */
    List<String> unused() {
        return explanations.stream().filter(row -> !used.contains(row)).map(Explanation::line).toList();
    }
}
