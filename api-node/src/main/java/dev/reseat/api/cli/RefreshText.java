package dev.reseat.api.cli;

import dev.reseat.api.rest.json.RefreshView;
import dev.reseat.api.rest.json.RestJson;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** The report of a refresh in words. */
final class RefreshText {
    private RefreshText() {}

    static String of(RefreshView report, boolean dryRun) {
        boolean nothing = report.unneeded().isPresent();
        StringJoiner lines = new StringJoiner("\n");
        lines.add("mapping " + report.bdmUuid() + ": " + outcome(report, dryRun));
        lines.add("  instance:   " + report.instanceUuid());
        lines.add("  volume:     " + report.volumeId());
        lines.add("  attachment: " + report.oldAttachmentId().orElse("-")
                + (dryRun || nothing ? "" : " -> " + report.newAttachmentId().orElse("-")));
        lines.add((nothing ? "  stored:     " : "  before:     ") + json(report.before()));
        if (!dryRun && !nothing) {
            lines.add("  after:      " + json(report.after()));
        }
        String done = dryRun ? "  step:       " : "  done:       ";
        report.steps().forEach(step -> lines.add(done + step.name() + ", by " + step.by()));
        if (dryRun && !nothing) {
            report.undo().ifPresent(undo -> lines.add("  undo:       " + undo));
        }
        report.journal().ifPresent(entry -> lines.add("  journal:    " + entry));
        return lines.toString();
    }

    private static String outcome(RefreshView report, boolean dryRun) {
        if (report.unneeded().isPresent()) {
            return "nothing to do: " + report.unneeded().get();
        }
        if (dryRun) {
            return "would be refreshed";
        }
        return report.changed() ? "refreshed" : "refreshed, its connection_info is the same";
    }

    private static String json(Optional<Map<String, Object>> connectionInfo) {
        return connectionInfo.map(RestJson.mapper()::writeValueAsString).orElse("-");
    }
}
