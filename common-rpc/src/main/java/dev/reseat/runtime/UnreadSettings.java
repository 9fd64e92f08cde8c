package dev.reseat.runtime;

import dev.reseat.runtime.IniFile.Entry;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings that nobody has read when everything was read. Files of a real cloud hold options of other releases, of
 * other services and of backends that are switched off; OpenStack passes them over, and so do we. Only what was
 * probably meant for us is a mistake: any key of a section that only we have, and a key or section spelt nearly like
 * one we read.
 *
 * @param misspelt one sentence for each that was probably meant for us
 * @param known those that OpenStack has somewhere, or another of our processes
 * @param strange those that neither has
 */
record UnreadSettings(List<String> misspelt, List<Entry> known, List<Entry> strange) {
    /** Where the list of OpenStack's settings has those of a backend's section. */
    private static final String BACKEND = "backend_defaults";

    private static final int MOST_SHOWN = 10;

    UnreadSettings {
        misspelt = List.copyOf(misspelt);
        known = List.copyOf(known);
        strange = List.copyOf(strange);
    }

    static UnreadSettings of(SettingValues values, Set<SettingName> read) {
        List<Entry> unread = values.firstEntries()
                .stream()
                .filter(entry -> !read.contains(entry.name()))
                .toList();
        List<String> variables = values.environmentVariables();
        if (unread.isEmpty() && variables.isEmpty()) {
            return new UnreadSettings(List.of(), List.of(), List.of());
        }
        UpstreamSettings upstream = UpstreamSettings.load(named(values));
        Predicate<Entry> wrong = entry -> isMisspelt(entry.name(), upstream, read);
        List<Entry> passedOver = unread.stream().filter(wrong.negate()).toList();
        Map<Boolean, List<Entry>> byKnown = passedOver.stream()
                .collect(Collectors.partitioningBy(
                        entry -> upstream.hasKey(entry.key()) || OwnSettings.contains(entry.name())));
        Stream<String> sentences = Stream.concat(
                unread.stream().filter(wrong).map(entry -> sentence(entry, upstream, read)),
                unknown(variables, upstream, read));
        return new UnreadSettings(sentences.toList(), byKnown.get(true), byKnown.get(false));
    }

    /** By section, in the order written, and no more of each than an eye takes in. */
    static String shown(List<Entry> entries) {
        Map<String, List<String>> keys = entries.stream()
                .collect(Collectors.groupingBy(
                        Entry::group, LinkedHashMap::new, Collectors.mapping(Entry::key, Collectors.toList())));
        return keys.entrySet()
                .stream()
                .map(group -> "[" + group.getKey() + "] " + shortened(group.getValue()))
                .collect(Collectors.joining("; "));
    }

    private static String shortened(List<String> keys) {
        String first = keys.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        return keys.size() > MOST_SHOWN ? first + " and " + (keys.size() - MOST_SHOWN) + " more" : first;
    }

    private static boolean isMisspelt(SettingName name, UpstreamSettings upstream, Set<SettingName> read) {
        String group = name.group();
        if (upstream.contains(name) || OwnSettings.contains(name)) {
            return false;
        }
        boolean shared = upstream.hasGroup(group);
        if (OwnSettings.hasGroup(group) || read.stream().anyMatch(used -> used.group().equals(group))) {
            return shared
                    ? !upstream.hasKey(name.key()) && read.stream().anyMatch(name::isNearlyKeyOf)
                    : !upstream.contains(new SettingName(BACKEND, name.key())); // a backend may be called as ours
        }
        return !shared
                && Stream.concat(read.stream(), OwnSettings.all().stream())
                        .map(SettingName::group)
                        .distinct()
                        .filter(used -> !upstream.isNamedByOperator(used) && name.isNearlyIn(used))
                        .map(used -> new SettingName(used, name.key()))
                        .anyMatch(meant -> read.contains(meant)
                                || OwnSettings.contains(meant)
                                || upstream.contains(meant));
    }

    /** The groups that other settings name: storage backends, and the fabrics of the zone manager. */
    private static Map<String, Set<String>> named(SettingValues values) {
        Map<String, Set<String>> groups = new HashMap<>();
        name(groups, values, new SettingName(SettingName.DEFAULT, "enabled_backends"), Set.of(BACKEND));
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
        Set<String> known = Stream.of(upstream.names(), read.stream(), OwnSettings.all().stream())
                .flatMap(names -> names)
                .map(SettingName::environmentVariable)
                .collect(Collectors.toSet());
        return variables.stream()
                .filter(variable -> !known.contains(variable))
                .map(variable -> "environment variable " + variable + ": unknown setting");
    }
}
