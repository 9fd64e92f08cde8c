package dev.reseat.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An option that a program reads.
 *
 * @param type in words; blank if it is only looked whether there is one
 * @param fallback what counts without it, as it would be written; blank if that is nothing
 */
public record SettingRead(String group, String key, String type, String fallback) {
    private static final double MILLIS = 1000;

    static SettingRead of(SettingName name, String type, Object fallback) {
        return new SettingRead(name.group(), name.key(), type, text(fallback));
    }

    static String typeOf(Object fallback) {
        return switch (fallback) {
            case Boolean _ -> "true or false";
            case Integer _,Long _ -> "integer";
            case Duration _ -> "seconds";
            case List<?> _ -> "list";
            case null, default -> "text";
        };
    }

    private static String text(Object fallback) {
        return switch (fallback) {
            case Optional<?> maybe -> maybe.map(SettingRead::text).orElse("");
            case List<?> words -> words.stream().map(SettingRead::text).collect(Collectors.joining(","));
            case Duration time when time.toMillisPart() == 0 -> Long.toString(time.toSeconds());
            case Duration time -> Double.toString(time.toMillis() / MILLIS);
            case null -> "";
            default -> written(fallback);
        };
    }

    /** Blank for what has no words: Java's own are another each time. */
    private static String written(Object value) {
        String identity = value.getClass().getName() + "@" + Integer.toHexString(System.identityHashCode(value));
        return value.toString().equals(identity) ? "" : value.toString();
    }
}
