package dev.reseat.runtime;

import dev.reseat.runtime.IniFile.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings that nobody has read when everything was read.
 *
 * @param unknown one sentence for each that OpenStack does not have either
 * @param ignored how many there are that OpenStack has
 */
record UnreadSettings(List<String> unknown, long ignored) {
    UnreadSettings {
        unknown = List.copyOf(unknown);
    }

    static UnreadSettings of(SettingValues values, Set<SettingName> read) {
        List<Entry> unread = values.firstEntries()
                .stream()
                .filter(entry -> !read.contains(entry.name()))
                .toList();
        List<String> variables = values.environmentVariables();
        if (unread.isEmpty() && variables.isEmpty()) {
            return new UnreadSettings(List.of(), 0);
        }
        UpstreamSettings upstream = UpstreamSettings.load(named(values));
        List<Entry> unknown = unread.stream()
                .filter(entry -> !upstream.contains(entry.name()))
                .toList();
        Stream<String> sentences = Stream.concat(
                unknown.stream().map(entry -> sentence(entry, upstream, read)), unknown(variables, upstream, read));
        return new UnreadSettings(sentences.toList(), unread.size() - unknown.size());
    }

    /** The groups that other settings name: storage backends, and the fabrics of the zone manager. */
    private static Map<String, Set<String>> named(SettingValues values) {
        Map<String, Set<String>> groups = new HashMap<>();
        name(groups, values, new SettingName(SettingName.DEFAULT, "enabled_backends"), Set.of("backend_defaults"));
        name(
                groups,
                values,
                new SettingName("fc-zone-manager", "fc_fabric_names"),
                Set.of("brcd_fabric_example", "cisco_fabric_example"));
        return groups;
    }

    private static void name(
            Map<String, Set<String>> groups, SettingValues values, SettingName list, Set<String> models) {
        values.last(list)
                .stream()
                .flatMap(entry -> SettingText.words(entry.value()).stream())
                .forEach(group -> groups.put(group.toLowerCase(Locale.ROOT), models));
    }

    private static String sentence(Entry entry, UpstreamSettings upstream, Set<SettingName> read) {
        String hint = upstream.closest(entry.name(), read)
                .map(meant -> meant.group().equals(entry.name().group()) ? meant.key() : meant.toString())
                .map(meant -> "; did you mean " + meant + "?")
                .orElse("");
        return entry.name() + ": unknown setting" + hint + " (" + entry.origin() + ")";
    }

    private static Stream<String> unknown(List<String> variables, UpstreamSettings upstream, Set<SettingName> read) {
        Set<String> known = Stream.concat(upstream.names(), read.stream())
                .map(SettingName::environmentVariable)
                .collect(Collectors.toSet());
        return variables.stream()
                .filter(variable -> !known.contains(variable))
                .map(variable -> "environment variable " + variable + ": unknown setting");
    }
}
