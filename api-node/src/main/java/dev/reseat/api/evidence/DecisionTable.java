package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Source;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From facts to a verdict, by rows that are data. Rows exclude each other, so their order means nothing. Asks nobody.
 *
 * @param rows those that describe volumes
 * @param unlisted what is said when none does
 * @param unknown what is said when the evidence is not enough
 */
public record DecisionTable(List<DecisionRow> rows, DecisionRow unlisted, DecisionRow unknown) {
    public DecisionTable {
        rows = List.copyOf(rows);
    }

    /**
     * A fact that nobody knows is never taken for one that fits. While a required source is silent, or a running guest
     * has the disk and the row would take it away, nothing is repaired.
     */
    public Verdict judge(VolumeFacts facts) {
        List<DecisionRow> fitting = rows.stream().filter(row -> row.matches(facts) == Answer.YES).toList();
        if (fitting.size() == 1) {
            return judge(facts, fitting.getFirst());
        }
        List<DecisionRow> possible = rows.stream().filter(row -> row.matches(facts) == Answer.UNKNOWN).toList();
        if (possible.isEmpty()) {
            return facts.silent().isEmpty()
                    ? new Verdict(Verdict.Kind.UNLISTED, unlisted, Set.of(), List.of())
                    : unknown(facts.silent(), List.of());
        }
        Set<Source> silent = new LinkedHashSet<>(facts.silent());
        possible.forEach(row -> silent.addAll(unsaid(facts, row)));
        return unknown(silent, possible);
    }

    /** The row of an id. */
    public DecisionRow row(String id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
    }

    /** The same; also one of the two that say that no row describes a volume. Empty if there is none. */
    public Optional<DecisionRow> find(String id) {
        return Stream.concat(rows.stream(), Stream.of(unlisted, unknown))
                .filter(row -> row.id().equals(id))
                .findFirst();
    }

    private Verdict judge(VolumeFacts facts, DecisionRow row) {
        Set<Source> silent = EnumSet.noneOf(Source.class);
        silent.addAll(row.requires());
        silent.retainAll(facts.silent());
        if (!silent.isEmpty()) {
            return unknown(silent, List.of(row));
        }
        if (facts.inRunningGuest() && !row.repair().besideRunningGuest()) {
            return new Verdict(Verdict.Kind.UNLISTED, unlisted, Set.of(), List.of(row.id()));
        }
        return new Verdict(row.normal() ? Verdict.Kind.NORMAL : Verdict.Kind.PATTERN, row, Set.of(), List.of());
    }

    private Verdict unknown(Set<Source> silent, List<DecisionRow> possible) {
        return new Verdict(
                Verdict.Kind.UNKNOWN, unknown, silent, possible.stream().map(DecisionRow::id).toList());
    }

    /** Who would have to answer before that row can be told to fit or not. */
    private static Set<Source> unsaid(VolumeFacts facts, DecisionRow row) {
        return row.when()
                .stream()
                .flatMap(alternative -> alternative.entrySet().stream())
                .filter(condition -> facts.answer(condition.getKey()).equals(Fact.UNKNOWN)
                        && !condition.getValue().contains(Fact.UNKNOWN))
                .map(condition -> condition.getKey().source())
                .collect(Collectors.toSet());
    }
}
