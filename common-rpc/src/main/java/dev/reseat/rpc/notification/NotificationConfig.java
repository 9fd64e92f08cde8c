package dev.reseat.rpc.notification;

import dev.reseat.runtime.Settings;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How notifications are sent, {@code [oslo_messaging_notifications]}.
 *
 * @param drivers each sends every notification; without one nothing is sent
 * @param topics each notification goes to all of them
 * @param retry how many more attempts to reach the broker one is worth; -1 for as many as there is time for
 */
public record NotificationConfig(Set<Driver> drivers, List<String> topics, int retry) {
    /** Sends nothing: upstream's default. */
    public static final NotificationConfig NONE = new NotificationConfig(Set.of(), List.of("notifications"), -1);

    private static final String GROUP = "oslo_messaging_notifications";

    public NotificationConfig {
        drivers = Collections.unmodifiableSet(new LinkedHashSet<>(drivers));
        topics = List.copyOf(topics);
        if (retry < -1) {
            throw new IllegalArgumentException("[" + GROUP + "] retry must be -1, 0 or a number of attempts: " + retry);
        }
    }

    /** A driver that is unknown here is a problem of the settings, and is left out. */
    public static NotificationConfig from(Settings settings) {
        Set<Driver> drivers = new LinkedHashSet<>();
        for (String name : settings.multi(GROUP, "driver")) {
            if (name.isBlank()) {
                continue;
            }
            if (Driver.isKnown(name)) {
                drivers.add(Driver.of(name));
            } else {
                settings.refuse("[" + GROUP + "] driver: there is no '" + name + "' here, only " + Driver.names());
            }
        }
        return new NotificationConfig(
                drivers,
                settings.list(GROUP, "topics", NONE.topics()),
                settings.integer(GROUP, "retry", -1, -1, Integer.MAX_VALUE));
    }

    /** What becomes of a notification. */
    public enum Driver {
        /** A message in the envelope that RPC uses too. */
        MESSAGINGV2,
        /** A message without envelope, for listeners of long ago. */
        MESSAGING,
        /** A line in the log, at the level of its priority. */
        LOG,
        /** Nothing. */
        NOOP;

        static boolean isKnown(String name) {
            return Arrays.stream(values()).anyMatch(driver -> driver.word().equals(name.strip()));
        }

        static Driver of(String name) {
            return valueOf(name.strip().toUpperCase(Locale.ROOT));
        }

        static String names() {
            return Arrays.stream(values()).map(Driver::word).collect(Collectors.joining(", "));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
