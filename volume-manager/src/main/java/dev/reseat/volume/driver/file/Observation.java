package dev.reseat.volume.driver.file;

import dev.reseat.contract.Answer;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether somebody holds a file.
 *
 * @param holders who was seen, one phrase each
 * @param doubts why somebody may have been missed, one phrase each
 */
record Observation(List<String> holders, List<String> doubts) {
    Observation {
        holders = List.copyOf(holders);
        doubts = List.copyOf(doubts);
    }

    Answer held() {
        if (!holders.isEmpty()) {
            return Answer.YES;
        }
        return doubts.isEmpty() ? Answer.NO : Answer.UNKNOWN;
    }

    Observation with(Observation other) {
        return new Observation(
                Stream.concat(holders.stream(), other.holders.stream()).distinct().toList(),
                Stream.concat(doubts.stream(), other.doubts.stream()).distinct().toList());
    }

    /** What was seen, for the operator. */
    String detail() {
        return switch (held()) {
            case YES -> String.join("; ", holders);
            case NO -> "no lock and no loop device on it";
            case UNKNOWN -> "cannot tell: " + String.join("; ", doubts);
        };
    }
}
