package dev.reseat.api.finding;

import dev.reseat.api.evidence.Verdict;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Finding;
import dev.reseat.api.model.FindingFilter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which findings a client asks for, over REST and over RPC. What is left out selects everything. The components are
 * those of {@link FindingFilter}.
 */
public record FindingOrder(
        Optional<List<String>> pattern,
        Optional<List<String>> without,
        Optional<List<String>> verdict,
        Optional<List<String>> state,
        Optional<String> volumeId,
        Optional<String> backend,
        Optional<String> host,
        Optional<String> projectId) {
    /** @throws ServiceException.Invalid if a word is not known, or a list is there and selects nothing */
    public FindingFilter filter() {
        return new FindingFilter(
                words(pattern, "pattern"), words(without, "without"), verdicts(), states(), volumeId, backend, host,
                projectId);
    }

    private Set<String> verdicts() {
        Set<String> words = words(verdict, "verdict");
        for (String word : words) {
            if (Stream.of(Verdict.Kind.values()).noneMatch(kind -> kind.text().equals(word))) {
                throw new ServiceException.Invalid("There is no verdict " + word + ".");
            }
        }
        return words;
    }

    private Set<Finding.State> states() {
        Set<Finding.State> states = EnumSet.noneOf(Finding.State.class);
        for (String word : words(state, "state")) {
            states.add(Finding.State.named(word)
                    .orElseThrow(() -> new ServiceException.Invalid("There is no state of findings " + word + ".")));
        }
        return states;
    }

    /** One that is there but empty would select everything. */
    private static Set<String> words(Optional<List<String>> list, String name) {
        List<String> words = list.orElse(List.of());
        if ((list.isPresent() && words.isEmpty()) || words.stream().anyMatch(FindingOrder::isEmpty)) {
            throw new ServiceException.Invalid(name + " has an empty word: it selects nothing.");
        }
        return words.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    private static boolean isEmpty(String word) {
        return word == null || word.isEmpty();
    }
}
