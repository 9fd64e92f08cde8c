package dev.reseat.api.cli;

import dev.reseat.api.rest.json.ResetView;
import java.util.StringJoiner;

/** The report of a reset in words. */
final class ResetText {
    private ResetText() {}

    static String of(String volume, ResetView report, boolean dryRun) {
        StringJoiner lines = new StringJoiner("\n");
        lines.add("volume " + volume + (dryRun ? ": would be reset" : ": reset"));
        lines.add("  before:  " + state(report.before()));
        lines.add("  driver:  " + report.driver() + ": " + report.detail());
        report.connections().forEach(connection -> lines.add("  backend: " + connection(connection)));
        report.plan().ifPresent(plan -> plan(plan, dryRun, lines));
        report.after().ifPresent(after -> lines.add("  after:   " + state(after)));
        report.journal().ifPresent(entry -> lines.add("  journal: " + entry));
        if (dryRun && !report.observations().isEmpty()) {
            lines.add(ObservationTable.of(report.observations()));
        }
        return lines.toString();
    }

    private static void plan(ResetView.Plan plan, boolean dryRun, StringJoiner lines) {
        if (!dryRun) {
            return;
        }
        lines.add("  needs:   " + (plan.required().isEmpty() ? "-" : "no from " + String.join(", ", plan.required())));
        plan.steps().forEach(step -> lines.add("  step:    " + step.name() + ", by " + step.by()));
        plan.undo().ifPresent(undo -> lines.add("  undo:    " + undo));
    }

    private static String state(ResetView.State state) {
        return state.status() + "/" + state.attachStatus().orElse("-")
                + state.migrationStatus().map(migration -> ", migration " + migration).orElse("")
                + (state.attachments() == 1 ? ", 1 attachment" : ", " + state.attachments() + " attachments");
    }

    private static String connection(ResetView.Connection connection) {
        return "attachment " + connection.attachmentId().orElse("-")
                + ", host " + connection.host().orElse("-")
                + ", exported " + connection.exported()
                + ", in use " + connection.inUse()
                + ": " + connection.detail();
    }
}
