package dev.reseat.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The rounds of every workload and contender, in the order measured. For one thread. */
final class Results {
    private final Map<Workload, Map<Contender, List<Measurement>>> rounds = new LinkedHashMap<>();

    void add(Workload workload, Contender contender, Measurement measurement) {
        rounds.computeIfAbsent(workload, _ -> new LinkedHashMap<>())
                .computeIfAbsent(contender, _ -> new ArrayList<>())
                .add(measurement);
    }

    List<Workload> workloads() {
        return List.copyOf(rounds.keySet());
    }

    List<Contender> contenders(Workload workload) {
        return rounds.getOrDefault(workload, Map.of()).keySet().stream().sorted().toList();
    }

    /** The median over the rounds, value by value; empty if it was not measured. */
    Optional<Measurement> median(Workload workload, Contender contender) {
        return Optional.ofNullable(rounds.getOrDefault(workload, Map.of()).get(contender)).map(Measurement::median);
    }

    /** Every round, not only the medians. */
    String json() {
        List<Map<String, Object>> all = new ArrayList<>();
        rounds.forEach((workload, contenders) -> contenders.forEach((contender, measured) -> all.add(
                Map.of("workload", workload, "contender", contender.label(), "rounds", measured))));
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(all);
    }

    boolean failed() {
        return rounds.values()
                .stream()
                .flatMap(contenders -> contenders.values().stream())
                .flatMap(List::stream)
                .anyMatch(measurement -> measurement.failed() > 0 || measurement.count() == 0);
    }
}
