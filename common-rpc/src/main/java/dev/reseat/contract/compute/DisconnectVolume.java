package dev.reseat.contract.compute;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;

/**
 * {@code disconnect_volume} in namespace {@code reseat}, 1.2: takes a connection down that no row of Nova's or Cinder's
 * names any more, and that no guest here may use. Never by force. Repeatable.
 *
 * @param connectionInfo nested, as the host was given it. A secret
 */
public record DisconnectVolume(String volumeId, Map<String, Object> connectionInfo) {
    public static final String METHOD = "disconnect_volume";

    /** @throws IllegalArgumentException if either is missing */
    public DisconnectVolume {
        if (volumeId == null || volumeId.isBlank() || connectionInfo == null) {
            throw new IllegalArgumentException("volume_id and connection_info are needed");
        }
    }

    /** Which volume, never by which way. */
    @Override
    public String toString() {
        return "DisconnectVolume[" + volumeId + "]";
    }

    /** @param detail what was seen, or why it was not done */
    public record Result(Outcome outcome, String detail) {}

    /** What came of it. */
    public enum Outcome {
        /** It was taken down, and that was read back. */
        DISCONNECTED,
        /** The host holds nothing of it. */
        NONE,
        /** Somebody uses it, or nobody can say that nobody does: nothing was done. */
        REFUSED,
        /** It was begun and is not done: the host may hold some of it still. */
        FAILED;

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
