package dev.reseat.api.store.cell;

import dev.reseat.api.store.StoreException;
import java.util.List;

/**
 * What several cells have answered to one question.
 *
 * @param given by those that answered
 * @param silent those that did not
 */
public record Answers<T>(List<T> given, List<Silent> silent) {
    public Answers {
        given = List.copyOf(given);
        silent = List.copyOf(silent);
    }

    /** A cell whose rows could not be read: what they say is unknown. */
    public record Silent(Cell cell, StoreException failure) {
        /** For the operator. */
        public String text() {
            return cell.transportUrl().isEmpty() && cell.uuid().isEmpty()
                    ? failure.getMessage()
                    : "cell " + cell + ": " + failure.getMessage();
        }
    }

    /**
     * The answers, if they are all.
     *
     * @throws StoreException of the first that was silent
     */
    public List<T> all() {
        if (!silent.isEmpty()) {
            throw silent.getFirst().failure();
        }
        return given;
    }
}
