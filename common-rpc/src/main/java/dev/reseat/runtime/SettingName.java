package dev.reseat.runtime;

import static java.util.Objects.requireNonNull;

import java.util.Locale;

/**
 * Group and key of a setting. As in oslo.config, group names do not differ by case, except that {@code DEFAULT} is
 * that word alone.
 */
record SettingName(String group, String key) {
    static final String DEFAULT = "DEFAULT";

    SettingName {
        requireNonNull(key, "key is null");
        group = group.equals(DEFAULT) ? DEFAULT : group.toLowerCase(Locale.ROOT);
    }

    /** The variable that oslo.config's environment driver looks for. */
    String environmentVariable() {
        return "OS_" + group.toUpperCase(Locale.ROOT) + "__" + key.toUpperCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "[" + group + "] " + key;
    }
}
