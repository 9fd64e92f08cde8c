package dev.reseat.contract.step;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** How a step that was cast ended, as its worker tells it. */
public enum StepOutcome {
    DONE,
    /** It was tried, or refused; something of it may have happened. */
    FAILED,
    /** The worker cannot tell either. */
    UNKNOWN,
    /** Nothing was done. */
    SKIPPED;

    @JsonCreator
    public static StepOutcome parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
