package dev.reseat.contract.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a source is asked. */
public enum Question {
    /** Cinder: is there an attachment that has a connector? */
    ATTACHED,
    /** Nova: does the mapping of an instance that exists name the volume? */
    MAPPED,
    /** Backend: is a host let in? */
    EXPORTED,
    /** Guest, host, backend: does somebody use the volume now? */
    IN_USE;

    @JsonCreator
    public static Question parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The name in lower case, as in every output. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
