package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What the decision table says of a volume.
 *
 * @param row the row that describes it, or one of the two that say that none does
 * @param silent the sources that had to say more
 * @param mayBe ids of the rows that may describe it, if it is not known which does
 */
public record Verdict(Kind kind, DecisionRow row, Set<Source> silent, List<String> mayBe) {
    /** What sort of answer that is. */
    public enum Kind {
        /** In order. */
        NORMAL,
        /** A known pattern. */
        PATTERN,
        /** All needed sources have answered, and no row describes what they say. */
        UNLISTED,
        /** Not enough evidence. */
        UNKNOWN;

        /** The name in lower case, as in every output. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Verdict {
        EnumSet<Source> quiet = EnumSet.noneOf(Source.class);
        quiet.addAll(silent);
        silent = quiet;
        mayBe = List.copyOf(mayBe);
    }

    /** What may be done. Never anything but a report without a pattern. */
    public Repair repair() {
        return kind == Kind.PATTERN ? row.repair() : Repair.REPORT;
    }

    /** Whether a policy may have it done. */
    public boolean automatic() {
        return kind == Kind.PATTERN && row.automatic() && repair() != Repair.REPORT;
    }
}
