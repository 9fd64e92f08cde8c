package dev.reseat.host;

import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What was found, and why something may have been missed.
 *
 * @param doubts one phrase each
 */
public record Findings<T>(List<T> found, List<String> doubts) {
    public Findings {
        found = List.copyOf(found);
        doubts = List.copyOf(doubts);
    }

    public static <T> Findings<T> none() {
        return new Findings<>(List.of(), List.of());
    }

    public static <T> Findings<T> doubt(String reason) {
        return new Findings<>(List.of(), List.of(reason));
    }

    /** YES if there is something; NO if nothing was found and nothing can have been missed. */
    public Answer any() {
        if (!found.isEmpty()) {
            return Answer.YES;
        }
        return doubts.isEmpty() ? Answer.NO : Answer.UNKNOWN;
    }

    /** Both looks taken as one; what both have seen counts once. */
    public Findings<T> with(Findings<? extends T> other) {
        return new Findings<>(
                Stream.concat(found.stream(), other.found.stream()).distinct().toList(),
                Stream.concat(doubts.stream(), other.doubts.stream()).distinct().toList());
    }

    public <R> Findings<R> map(Function<? super T, R> change) {
        return new Findings<>(found.stream().map(change).toList(), doubts);
    }

    /** For the operator: what was found, or else the doubts, or else what is said of nothing. */
    public String detail(String nothing) {
        return switch (any()) {
            case YES -> String.join("; ", found.stream().map(Object::toString).toList());
            case NO -> nothing;
            case UNKNOWN -> "cannot tell: " + String.join("; ", doubts);
        };
    }
}
