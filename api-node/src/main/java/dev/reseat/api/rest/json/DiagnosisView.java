package dev.reseat.api.rest.json;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one volume shows.
 *
 * @param pattern number of the row of the decision table, {@code N…} for what is in order
 * @param verdict {@code normal}, {@code pattern}, {@code unlisted} or {@code unknown}
 * @param repair what Reseat would do of what is safe; {@code report} for nothing
 * @param automatic whether a policy may have that done
 * @param silent the sources that had to say more
 * @param mayBe the rows that may describe it, if it is not known which does
 * @param matrix for each source, what it says all in all
 * @param facts what was decided on, in the words of the table
 * @param observations every answer by itself
 */
public record DiagnosisView(
        String volumeId,
        Optional<String> name,
        String status,
        Optional<String> attachStatus,
        String pattern,
        String patternName,
        String verdict,
        String reading,
        String safe,
        String repair,
        boolean automatic,
        Optional<String> never,
        Optional<String> command,
        List<String> silent,
        List<String> mayBe,
        List<Seen> matrix,
        Map<String, String> facts,
        List<ObservationView> observations) {
    /**
     * One source.
     *
     * @param answer {@code yes}, {@code no} or {@code unknown}: whether it says that somebody has the volume
     * @param ageMs how old its oldest answer is
     */
    public record Seen(String source, String answer, long ageMs) {}
}
