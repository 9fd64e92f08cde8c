package dev.reseat.api.model;

import java.util.Optional;
import java.util.Set;

/**
 * Which findings. Absent conditions match everything; several must all hold.
 *
 * @param patterns any of these
 * @param withoutPatterns none of these
 * @param verdicts any of these, in the words of {@link Finding.Sight#verdict}
 * @param states any of these
 */
public record FindingFilter(
        Set<String> patterns,
        Set<String> withoutPatterns,
        Set<String> verdicts,
        Set<Finding.State> states,
        Optional<String> volumeId,
        Optional<String> backend,
        Optional<String> host,
        Optional<String> projectId) {
    public FindingFilter {
        patterns = Set.copyOf(patterns);
        withoutPatterns = Set.copyOf(withoutPatterns);
        verdicts = Set.copyOf(verdicts);
        states = Set.copyOf(states);
    }
}
