package dev.reseat.api.finding;

import dev.reseat.api.evidence.DecisionRow;
import dev.reseat.api.model.Finding;
import dev.reseat.api.object.JsonText;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A finding as clients see it. Times in ISO 8601 with zone.
 *
 * @param state {@code new}, {@code confirmed}, {@code ignored} or {@code gone}
 * @param facts what was decided on, in the words of the table
 * @param command what the operator types next
 */
public record FindingDocument(
        String id,
        String volumeId,
        String pattern,
        String name,
        String state,
        String verdict,
        String reading,
        String safe,
        Optional<String> never,
        String repair,
        boolean automatic,
        Optional<String> command,
        Optional<String> status,
        Optional<String> projectId,
        Optional<String> backend,
        Optional<String> host,
        String firstSeen,
        String since,
        String lastSeen,
        int sweeps,
        long lastSweep,
        Optional<String> goneSince,
        Optional<String> ignoredAt,
        Optional<String> ignoredBy,
        Optional<String> ignoreReason,
        Optional<String> job,
        Map<String, Object> facts) {
    /** @param row of its pattern */
    static FindingDocument of(Finding finding, DecisionRow row) {
        Finding.Sight sight = finding.sight();
        return new FindingDocument(
                finding.id(),
                sight.key().volumeId(),
                sight.key().pattern(),
                row.name(),
                finding.state().text(),
                sight.verdict(),
                row.reading(),
                row.safe(),
                Optional.of(row.never()).filter(text -> !text.isEmpty()),
                sight.repair(),
                sight.automatic(),
                Optional.of(row.command())
                        .filter(text -> !text.isEmpty())
                        .map(text -> text.replace("{volume}", sight.key().volumeId())),
                sight.status(),
                sight.projectId(),
                sight.backend(),
                sight.host(),
                finding.firstSeen().toString(),
                finding.since().toString(),
                finding.lastSeen().toString(),
                finding.sweeps(),
                finding.lastSweep(),
                finding.goneSince().map(Instant::toString),
                finding.ignored().map(ignored -> ignored.at().toString()),
                finding.ignored().map(Finding.Ignored::by),
                finding.ignored().flatMap(Finding.Ignored::reason),
                finding.job(),
                JsonText.map(sight.facts()));
    }
}
