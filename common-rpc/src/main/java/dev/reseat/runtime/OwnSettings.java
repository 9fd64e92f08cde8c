package dev.reseat.runtime;

import java.util.Set;

/**
 * The sections that only we have, whichever of our processes reads them: one file may serve all of them, so what
 * another one reads is no mistake, and what none reads is one.
 */
final class OwnSettings {
    private static final Set<SettingName> ALL = SettingNames.load("reseat-settings.txt");

    private OwnSettings() {}

    static boolean contains(SettingName name) {
        return ALL.contains(name);
    }

    static boolean hasGroup(String group) {
        return ALL.stream().anyMatch(name -> name.group().equals(group));
    }

    static Set<SettingName> all() {
        return ALL;
    }
}
