package dev.reseat.runtime;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names of all settings that OpenStack's compute and block-storage services have, deprecated ones included, so that
 * their files can be pointed at. Names only: what they mean and their defaults are not known here.
 */
final class UpstreamSettings {
    private static final String LIST = "upstream-settings.txt";
    private static final String ANY = "*";
    private static final int CLOSE = 2;

    private final Set<SettingName> names;
    private final Set<SettingName> patterns;
    private final Set<String> keys;
    private final Map<String, Set<String>> models;

    private UpstreamSettings(Set<SettingName> names, Map<String, Set<String>> models) {
        this.names = names;
        this.patterns = names.stream().filter(name -> name.group().endsWith(ANY)).collect(Collectors.toSet());
        this.keys = names.stream().map(SettingName::key).collect(Collectors.toSet());
        this.models = models;
    }

    /** @param models groups whose name the operator chose, with the known groups whose keys they may hold */
    static UpstreamSettings load(Map<String, Set<String>> models) {
        return new UpstreamSettings(SettingNames.load(LIST), models);
    }

    boolean contains(SettingName name) {
        return names.contains(name)
                || models.getOrDefault(name.group(), Set.of())
                        .stream()
                        .anyMatch(model -> names.contains(new SettingName(model, name.key())))
                || patterns.stream()
                        .filter(pattern -> pattern.key().equals(name.key()))
                        .map(UpstreamSettings::prefix)
                        .anyMatch(name.group()::startsWith);
    }

    private static String prefix(SettingName pattern) {
        return pattern.group().substring(0, pattern.group().length() - ANY.length());
    }

    /** Whether OpenStack has that section, or an operator has named it after a backend or a fabric. */
    boolean hasGroup(String group) {
        return models.containsKey(group)
                || names.stream().anyMatch(name -> name.group().equals(group))
                || patterns.stream().anyMatch(pattern -> group.startsWith(prefix(pattern)));
    }

    /** Whether OpenStack has a setting of that key in any section. */
    boolean hasKey(String key) {
        return keys.contains(key);
    }

    boolean isNamedByOperator(String group) {
        return models.containsKey(group);
    }

    Stream<SettingName> names() {
        return names.stream();
    }

    /**
     * What somebody who wrote this probably meant: a similar key of the same group, or this key in another group.
     * Settings in use go before settings that are merely known.
     */
    Optional<SettingName> closest(SettingName wrong, Set<SettingName> used) {
        return similar(wrong, used.stream())
                .or(() -> similar(wrong, names()))
                .or(() -> elsewhere(wrong, used.stream()))
                .or(() -> elsewhere(wrong, names()));
    }

    private static Optional<SettingName> similar(SettingName wrong, Stream<SettingName> candidates) {
        return candidates
                .filter(name -> name.group().equals(wrong.group()))
                .filter(name -> SettingName.distance(name.key(), wrong.key()) <= CLOSE)
                .min(Comparator.<SettingName>comparingInt(name -> SettingName.distance(name.key(), wrong.key()))
                        .thenComparing(SettingName::key));
    }

    private static Optional<SettingName> elsewhere(SettingName wrong, Stream<SettingName> candidates) {
        return candidates
                .filter(name -> name.key().equals(wrong.key()))
                .min(Comparator.<SettingName>comparingInt(name -> SettingName.distance(name.group(), wrong.group()))
                        .thenComparing(SettingName::group));
    }
}
