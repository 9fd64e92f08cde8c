package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code break_lock} in namespace {@code reseat}, 1.2: breaks the one lock that a dead client has left on a volume.
 * Only one whose owner does not use the volume and is kept out by the backend. Repeatable.
 *
 * @param volumeId which volume; may be left out when {@code volume} is given
 */
public record BreakLock(Optional<String> volumeId, Optional<VolumeObject> volume) {
    public static final String METHOD = "break_lock";

    public BreakLock {
        if (volumeId.isEmpty() && volume.isEmpty()) {
            throw new IllegalArgumentException("volume_id or volume is needed");
        }
    }

    /** @param detail whose lock it was, or why it was not broken */
    public record Result(Outcome outcome, String detail) {}

    /** What came of it. */
    public enum Outcome {
        /** It was broken, and that was read back. */
        BROKEN,
        /** There is no lock. */
        NONE,
        /** Its owner is there, or may come back: nothing was done. */
        REFUSED,
        /** The driver knows no locks. */
        NOT_IMPLEMENTED;

        @JsonCreator
        public static Outcome parse(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
