package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What follows from {@link Evidence} for the question whether a volume may be taken away. */
public sealed interface Judgement {
    /** Every required source has said NO, and none YES. */
    record Free() implements Judgement {}

    /** Somebody has a claim on it. Nothing overrules that. */
    record Claimed(List<Observation> by) implements Judgement {
        public Claimed {
            by = List.copyOf(by);
        }
    }

    /**
     * Nobody has said YES, but not every required source has said NO.
     *
     * @param silent required ones that said UNKNOWN
     * @param unasked required ones of which there is no answer at all
     */
    record Unknown(List<Observation> silent, List<Source> unasked) implements Judgement {
        public Unknown {
            silent = List.copyOf(silent);
            unasked = List.copyOf(unasked);
        }

        /** Who is silent, and why. */
        public String text() {
            Map<String, Set<String>> sources = new LinkedHashMap<>();
            for (Observation seen : silent) {
                String what = seen.host().map(" on "::concat).orElse("") + ": " + seen.excerpt();
                sources.computeIfAbsent(what, _ -> new LinkedHashSet<>()).add(seen.source().text());
            }
            return Stream.concat(
                    sources.entrySet().stream().map(said -> String.join(" and ", said.getValue()) + said.getKey()),
                    unasked.stream().map(source -> source.text() + ": not asked"))
                    .collect(Collectors.joining("; "));
        }
    }
}
