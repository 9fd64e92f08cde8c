package dev.reseat.api.finding;

import dev.reseat.api.evidence.DecisionRow;
import dev.reseat.api.evidence.DecisionTable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which patterns may be repaired without a person, and how far that may go. What is not named is not repaired.
 *
 * @param patterns rules by number of the decision table
 * @param maxShare no more than that share of a backend's volumes from one sweep, above 0 and up to 1
 * @param stopAfterFailures so many failures in a row stop a job
 * @param perHost in flight on one compute host
 * @param perBackend in flight on one backend
 */
public record RepairPolicy(
        Map<String, Rule> patterns, double maxShare, int stopAfterFailures, int perHost, int perBackend) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
            .build();

    public RepairPolicy {
        patterns = Map.copyOf(patterns);
        require(!patterns.isEmpty(), "patterns: at least one is needed");
        require(maxShare > 0 && maxShare <= 1, "max_share: must be above 0 and up to 1");
        require(stopAfterFailures >= 1, "stop_after_failures: must be at least 1");
        require(perHost >= 1, "per_host: must be at least 1");
        require(perBackend >= 1, "per_backend: must be at least 1");
    }

    /**
     * For one pattern.
     *
     * @param perSweep so many at most after one sweep
     * @param most with more of them than that nothing is done: it is something larger, for a person
     * @param minAge for how long it must have been seen
     * @param backends of these only; empty for all
     * @param projects likewise
     */
    public record Rule(int perSweep, int most, Duration minAge, Set<String> backends, Set<String> projects) {
        public Rule {
            backends = Set.copyOf(backends);
            projects = Set.copyOf(projects);
            require(perSweep >= 1, "per_sweep: must be at least 1");
            require(most >= perSweep, "most: must be at least per_sweep");
            require(!minAge.isNegative(), "min_age: must not be negative");
        }
    }

    /** As the file has it. */
    private record Document(
            Map<String, Entry> patterns, Optional<Double> maxShare, Optional<Integer> stopAfterFailures,
            Optional<Integer> perHost, Optional<Integer> perBackend) {
        private record Entry(
                Optional<Integer> perSweep, Optional<Integer> most, Optional<Long> minAge,
                Optional<Set<String>> backends, Optional<Set<String>> projects) {
            Rule rule() {
                int taken = perSweep.orElse(5);
                return new Rule(
                        taken, most.orElse(Math.max(taken, 20)), Duration.ofSeconds(minAge.orElse(0L)),
                        given(backends, "backends"), given(projects, "projects"));
            }

            private static Set<String> given(Optional<Set<String>> names, String what) {
                require(names.filter(Set::isEmpty).isEmpty(), what + ": an empty list allows nothing; leave it out");
                return names.orElse(Set.of());
            }
        }
    }

    /** @throws IllegalArgumentException if it is none; the message says where and why */
    public static RepairPolicy read(String json) {
        Document document;
        try {
            document = JSON.readValue(json, Document.class);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("the policy cannot be read: " + where(e), e);
        }
        require(document != null && document.patterns() != null, "patterns: must be there");
        Map<String, Rule> rules = new TreeMap<>();
        document.patterns().forEach((pattern, entry) -> {
            try {
                require(entry != null, "must be an object");
                rules.put(pattern, entry.rule());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("pattern " + pattern + ": " + e.getMessage(), e);
            }
        });
        return new RepairPolicy(
                rules, document.maxShare().orElse(0.05), document.stopAfterFailures().orElse(2),
                document.perHost().orElse(2), document.perBackend().orElse(8));
    }

    /** @throws IllegalArgumentException for a pattern that is not in the table, or that only a person may repair */
    public void check(DecisionTable table) {
        for (String pattern : patterns.keySet()) {
            DecisionRow row = table.rows()
                    .stream()
                    .filter(one -> one.id().equals(pattern))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(
                            "there is no pattern " + pattern));
            require(row.automatic(), "pattern " + pattern + ", " + row.name()
                    + ", is never repaired without a person");
        }
    }

    private static void require(boolean holds, String why) {
        if (!holds) {
            throw new IllegalArgumentException(why);
        }
    }

    private static String where(JacksonException failure) {
        String at = failure.getLocation() == null
                ? ""
                : " (line " + failure.getLocation().getLineNr() + ")";
        if (failure instanceof DatabindException bound && !bound.getPath().isEmpty()) {
            return String.join(".", bound.getPath()
                    .stream()
                    .map(step -> step.getPropertyName() == null ? "[]" : step.getPropertyName())
                    .toList()) + " is not known, or of another type" + at;
        }
        return failure.getOriginalMessage() + at;
    }
}
