package dev.reseat.contract.state;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code diagnose} in namespace {@code reseat} of topic {@code reseat-api}, 1.1: what volumes show, by the published
 * decision table. Changes nothing. Several selectors must all hold; none at all is a failure {@code InvalidInput}, and
 * who is no administrator gets {@code PolicyNotAuthorized}.
 *
 * @param volumes ids
 * @param instance uuid of a server
 * @param host a compute host
 * @param backend {@code host}, {@code host@backend} or {@code host@backend#pool}
 * @param all every volume
 * @param after what the page before named as next
 */
public record DiagnoseCall(
        Optional<List<String>> volumes,
        Optional<String> instance,
        Optional<String> host,
        Optional<String> backend,
        Optional<String> project,
        Optional<String> state,
        Optional<Boolean> all,
        Optional<String> after,
        Optional<Integer> limit) {
    public static final String METHOD = "diagnose";

    /**
     * One page.
     *
     * @param missing ids that were asked for and are not there
     * @param next empty if this was the last page
     */
    public record Result(List<Found> diagnoses, List<String> missing, Optional<String> next) {
        public Result {
            diagnoses = List.copyOf(diagnoses);
            missing = List.copyOf(missing);
        }
    }

    /**
     * One volume.
     *
     * @param pattern number of the row of the table
     * @param verdict {@code normal}, {@code pattern}, {@code unlisted} or {@code unknown}
     * @param repair what Reseat would do; {@code report} for nothing
     * @param silent the sources that had to say more
     * @param mayBe rows that may describe it, if it is not known which does
     * @param facts what was decided on, in the words of the table
     */
    public record Found(
            String volumeId,
            String status,
            String pattern,
            String name,
            String verdict,
            String reading,
            String safe,
            String repair,
            boolean automatic,
            String never,
            Optional<String> command,
            List<String> silent,
            List<String> mayBe,
            Map<String, String> facts) {}
}
