package dev.reseat.api.model;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which part of a sorted list is wanted.
 *
 * @param marker id of the last item of the page before; the list goes on behind it
 * @param limit most items; empty for all, 0 for none
 * @param offset items to leave out behind the marker
 */
public record Page(Optional<String> marker, OptionalInt limit, int offset) {
    /** Everything. */
    public static final Page ALL = new Page(Optional.empty(), OptionalInt.empty(), 0);

    public Page {
        if (offset < 0 || limit.orElse(0) < 0) {
            throw new IllegalArgumentException("limit and offset must not be negative: " + limit + ", " + offset);
        }
    }
}
