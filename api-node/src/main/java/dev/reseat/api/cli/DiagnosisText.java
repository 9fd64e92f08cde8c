package dev.reseat.api.cli;

import dev.reseat.api.rest.json.DiagnosisView;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** One diagnosis for a person. */
final class DiagnosisText {
    private DiagnosisText() {}

    static String of(DiagnosisView view, boolean explain) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add(view.name().map(name -> name + " (" + view.volumeId() + ")").orElse(view.volumeId()) + " "
                + view.status() + "/" + view.attachStatus().orElse("-"));
        PrettyTable matrix = new PrettyTable("Source", "Has it", "Age");
        view.matrix()
                .forEach(seen -> matrix.row(
                        seen.source(), seen.answer(), String.format(Locale.ROOT, "%.1f s", seen.ageMs() / 1000.0)));
        text.add(matrix.toString());
        text.add("  pattern: " + view.pattern() + " " + view.patternName());
        text.add("  reading: " + view.reading());
        if (!view.silent().isEmpty()) {
            text.add("  silent:  " + String.join(", ", view.silent()));
        }
        if (!view.mayBe().isEmpty()) {
            text.add("  may be:  pattern " + String.join(", ", view.mayBe()));
        }
        text.add("  safe:    " + view.safe());
        view.never().ifPresent(never -> text.add("  never:   " + never));
        view.command().ifPresent(command -> text.add("  command: " + command));
        if (explain) {
            text.add(ObservationTable.of(view.observations()));
            text.add("  facts:   " + view.facts()
                    .entrySet()
                    .stream()
                    .map(fact -> fact.getKey() + "=" + fact.getValue())
                    .collect(Collectors.joining(" ")));
        }
        return text.toString();
    }
}
