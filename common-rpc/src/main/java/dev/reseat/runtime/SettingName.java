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

    /** Whether this is probably that one with a slip in its key. */
    boolean isNearlyKeyOf(SettingName other) {
        return group.equals(other.group) && isNearly(key, other.key);
    }

    /** Whether its section is probably that one with a slip in it. */
    boolean isNearlyIn(String section) {
        return isNearly(group, section);
    }

    /** Two letters at most, and of short words fewer: a key of four letters resembles too many. */
    private static boolean isNearly(String written, String meant) {
        int distance = distance(written, meant);
        return distance <= 2 && distance * 3 <= meant.length();
    }

    @Override
    public String toString() {
        return "[" + group + "] " + key;
    }

    /** How many letters must be put in, taken out or replaced to make one word of the other. */
    static int distance(String left, String right) {
        int[] costs = new int[right.length() + 1];
        for (int j = 0; j <= right.length(); j++) {
            costs[j] = j;
        }
        for (int i = 1; i <= left.length(); i++) {
            int diagonal = costs[0];
            costs[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int replaced = diagonal + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                diagonal = costs[j];
                costs[j] = Math.min(replaced, 1 + Math.min(costs[j], costs[j - 1]));
            }
        }
        return costs[right.length()];
    }
}
