package dev.reseat.runtime;

/**
 * What becomes of an option that somebody has written.
 *
 * @param origin where it is written, {@code file:line}
 */
public record SettingUse(String group, String key, String origin, Kind kind) {
    /** Whether anybody reads it. */
    public enum Kind {
        USED,
        /** OpenStack has it, or another program of ours. */
        IGNORED,
        /** Nobody has it. */
        UNKNOWN
    }
}
