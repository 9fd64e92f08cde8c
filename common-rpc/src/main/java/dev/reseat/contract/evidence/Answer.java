package dev.reseat.contract.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a source of evidence says to a question. {@link #UNKNOWN} is never {@link #NO}: no answer proves nothing. */
public enum Answer {
    YES,
    NO,
    UNKNOWN;

    @JsonCreator
    public static Answer parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    public static Answer of(boolean fact) {
        return fact ? YES : NO;
    }

    /** {@code yes}, {@code no} or {@code unknown}, as on the wire and in every output. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The opposite question; UNKNOWN stays UNKNOWN. */
    public Answer not() {
        return switch (this) {
            case YES -> NO;
            case NO -> YES;
            case UNKNOWN -> UNKNOWN;
        };
    }

    /** Both questions taken as one: one NO decides, otherwise one UNKNOWN does. */
    public Answer and(Answer other) {
        if (this == NO || other == NO) {
            return NO;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : YES;
    }

    /** Either question: one YES decides, otherwise one UNKNOWN does. */
    public Answer or(Answer other) {
        if (this == YES || other == YES) {
            return YES;
        }
        return this == UNKNOWN || other == UNKNOWN ? UNKNOWN : NO;
    }
}
