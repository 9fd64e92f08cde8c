package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Source;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What all sources have said of one volume, in the words of {@link Fact}. Every fact has an answer.
 *
 * @param silent the sources that were asked and could not say everything, whatever else they said
 */
public record VolumeFacts(Map<Fact, String> answers, Set<Source> silent) {
    /** @throws IllegalArgumentException if a fact has no answer, or one that is none of its words */
    public VolumeFacts {
        EnumMap<Fact, String> complete = new EnumMap<>(answers);
        EnumSet<Source> quiet = EnumSet.noneOf(Source.class);
        quiet.addAll(silent);
        for (Fact fact : Fact.values()) {
            String answer = complete.get(fact);
            if (answer == null || (!answer.equals(Fact.UNKNOWN) && !fact.words().contains(answer))) {
                throw new IllegalArgumentException(fact.text() + " cannot be '" + answer + "'");
            }
        }
        answers = Collections.unmodifiableMap(complete);
        silent = Collections.unmodifiableSet(quiet);
    }

    /** Asks for every fact. */
    public static VolumeFacts of(Function<Fact, String> answer, Set<Source> silent) {
        EnumMap<Fact, String> answers = new EnumMap<>(Fact.class);
        for (Fact fact : Fact.values()) {
            answers.put(fact, answer.apply(fact));
        }
        return new VolumeFacts(answers, silent);
    }

    public String answer(Fact fact) {
        return answers.get(fact);
    }

    /** Every fact with its answer, in the table's words. */
    public Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        answers.forEach((fact, answer) -> texts.put(fact.text(), answer));
        return texts;
    }

    /** The same if that source had said nothing. */
    public VolumeFacts without(Source source) {
        EnumSet<Source> quiet = EnumSet.of(source);
        quiet.addAll(silent);
        return of(fact -> fact.source() == source ? Fact.UNKNOWN : answer(fact), quiet);
    }

    /** Whether a running guest has the disk. */
    public boolean inRunningGuest() {
        return Set.of("live", "half_live", "both").contains(answer(Fact.GUEST));
    }
}
