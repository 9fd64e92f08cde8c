package dev.reseat.contract.volume;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What a backend says of a volume itself, whoever uses it, in the words of the decision table.
 *
 * @param remarks for the operator: what holds the volume, so that it cannot be deleted, by name; or where it is instead
 */
public record StoredVolume(ObjectState object, LockState lock, List<String> remarks) {
    /** From a driver that has not been asked, or cannot tell. */
    public static final StoredVolume UNTOLD = new StoredVolume(ObjectState.UNKNOWN, LockState.UNKNOWN);
    /** There, held by nothing else of its backend, and nobody has locked it for himself. */
    public static final StoredVolume PLAIN = new StoredVolume(ObjectState.PRESENT, LockState.NONE);

    public StoredVolume {
        remarks = remarks == null ? List.of() : List.copyOf(remarks);
    }

    public StoredVolume(ObjectState object, LockState lock) {
        this(object, lock, List.of());
    }

    /** Of a volume that its backend has. */
    public enum ObjectState {
        PRESENT,
        /** Not wholly made. */
        PARTIAL,
        /** Snapshots, clones or a migration hold it. */
        BUSY,
        UNKNOWN;

        /** Of a word that is not known, nothing is known. */
        @JsonCreator
        public static ObjectState parse(String text) {
            return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst().orElse(UNKNOWN);
        }

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The lock of one client that keeps all others from writing. */
    public enum LockState {
        NONE,
        /** Its owner is there. */
        LIVE,
        /** Its owner is gone, and the backend keeps it from coming back. */
        DEAD,
        UNKNOWN;

        /** Of a word that is not known, nothing is known. */
        @JsonCreator
        public static LockState parse(String text) {
            return Arrays.stream(values()).filter(one -> one.text().equals(text)).findFirst().orElse(UNKNOWN);
        }

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
