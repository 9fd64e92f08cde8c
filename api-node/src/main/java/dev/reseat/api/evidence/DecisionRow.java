package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One row of the decision table.
 *
 * @param id the pattern's number, with a letter where a pattern has several cases; {@code N} and a number for shapes
 *     that are in order
 * @param when alternatives, of which one has to hold: for each fact, the answers that fit
 * @param reading what it means, in one sentence
 * @param safe what may be done, in one sentence
 * @param repair what is done of it by this program
 * @param automatic whether a policy may have it done without a person
 * @param never what must not be done; empty if nothing comes to mind
 * @param command what the operator types, with {@code {volume}} and the like
 * @param requires the sources that must have said everything they were asked
 */
public record DecisionRow(
        String id,
        String name,
        List<Map<Fact, Set<String>>> when,
        String reading,
        String safe,
        Repair repair,
        boolean automatic,
        String never,
        String command,
        Set<Source> requires) {
    public DecisionRow {
        when = List.copyOf(when);
        requires = requires.isEmpty() ? EnumSet.noneOf(Source.class) : EnumSet.copyOf(requires);
    }

    /** Whether it is a shape that needs no repair. */
    public boolean normal() {
        return id.startsWith("N");
    }

    /** Whether it describes a volume: UNKNOWN if only facts that nobody knows stand against it. */
    public Answer matches(VolumeFacts facts) {
        Answer any = Answer.NO;
        for (Map<Fact, Set<String>> alternative : when) {
            Answer all = Answer.YES;
            for (Map.Entry<Fact, Set<String>> condition : alternative.entrySet()) {
                all = all.and(holds(facts.answer(condition.getKey()), condition.getValue()));
            }
            any = any.or(all);
        }
        return any;
    }

    /** Whether no volume can be described by both. */
    public boolean excludes(DecisionRow other) {
        return when.stream().allMatch(mine -> other.when.stream().allMatch(theirs -> disjoint(mine, theirs)));
    }

    private static Answer holds(String answer, Set<String> accepted) {
        if (accepted.contains(answer)) {
            return Answer.YES;
        }
        return answer.equals(Fact.UNKNOWN) ? Answer.UNKNOWN : Answer.NO;
    }

    private static boolean disjoint(Map<Fact, Set<String>> one, Map<Fact, Set<String>> other) {
        return one.entrySet()
                .stream()
                .anyMatch(condition -> other.containsKey(condition.getKey())
                        && condition.getValue().stream().noneMatch(other.get(condition.getKey())::contains));
    }
}
