package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ObservationView;
import java.util.List;
import java.util.Locale;

/** What every source said, those too that could not be asked, as a table. */
final class ObservationTable {
    private ObservationTable() {}

    static String of(List<ObservationView> observations) {
        PrettyTable table = new PrettyTable("Source", "Host", "Question", "Answer", "Asked", "Age", "Said");
        for (ObservationView seen : observations) {
            table.row(
                    seen.source(),
                    seen.host().orElse("-"),
                    seen.question(),
                    seen.answer(),
                    seen.asked(),
                    String.format(Locale.ROOT, "%.1f s", seen.ageMs() / 1000.0),
                    seen.excerpt());
        }
        return table.toString();
    }
}
