package dev.reseat.api.cli;

import dev.reseat.api.rest.json.RepairView;
import java.util.StringJoiner;

/** The report of a repair in words. */
final class RepairText {
    private RepairText() {}

    static String of(String volume, RepairView view, boolean dryRun) {
        StringJoiner text = new StringJoiner("\n");
        text.add(volume + ": pattern " + view.before().pattern() + " " + view.before().patternName() + ", "
                + view.before().status());
        if (view.before().verdict().equals("normal")) {
            return text.add("  nothing to do").toString();
        }
        text.add("  safe:    " + view.before().safe());
        view.steps().forEach(step -> text.add((dryRun ? "  would:   " : "  done:    ") + step));
        if (dryRun) {
            view.undo().ifPresent(undo -> text.add("  undo:    " + undo));
        }
        view.after()
                .ifPresent(after -> text.add("  now:     pattern " + after.pattern() + " " + after.patternName() + ", "
                        + after.status()));
        view.journal().ifPresent(journal -> text.add("  journal: " + journal));
        return text.toString();
    }
}
