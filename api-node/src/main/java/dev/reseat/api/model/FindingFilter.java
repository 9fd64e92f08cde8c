package dev.reseat.api.model;

import java.util.Optional;
import java.util.Set;

/**
 * Which findings. Absent conditions match everything; several must all hold.
 *
 * @param patterns any of these
 * @param withoutPatterns none of these
 * @param states any of these
 */
public record FindingFilter(
        Set<String> patterns,
        Set<String> withoutPatterns,
        Set<Finding.State> states,
        Optional<String> volumeId,
        Optional<String> backend,
        Optional<String> host,
        Optional<String> projectId) {
    public FindingFilter {
        patterns = Set.copyOf(patterns);
        withoutPatterns = Set.copyOf(withoutPatterns);
        states = Set.copyOf(states);
    }
}
