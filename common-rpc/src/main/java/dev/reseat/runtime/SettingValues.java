package dev.reseat.runtime;

import dev.reseat.runtime.IniFile.Entry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What files and environment say, with {@code $option} and {@code ${group.option}} replaced as oslo.config does it: an
 * option is looked for in the group of the value, then in {@code DEFAULT}; {@code $$} and {@code \$} are a dollar sign.
 */
final class SettingValues {
    private static final Pattern REFERENCE = Pattern
            .compile("\\$(?:(\\$)|([_a-z][._a-z0-9]*)|\\{([_a-z][._a-z0-9]*)\\})", Pattern.CASE_INSENSITIVE);

    private final Map<SettingName, List<Entry>> written = new LinkedHashMap<>();
    private final Map<String, String> environment;

    SettingValues(List<Entry> entries, Map<String, String> environment) {
        for (Entry entry : entries) {
            written.merge(entry.name(), List.of(entry), SettingValues::joined);
        }
        this.environment = Map.copyOf(environment);
    }

    /** What counts for a key that holds one value: the environment, then the last one written. */
    Optional<Entry> last(SettingName name) {
        return fromEnvironment(name)
                .or(() -> Optional.ofNullable(written.get(name)).map(List::getLast));
    }

    /** What counts for a key that may be repeated: the environment, then all that was written, first one first. */
    List<Entry> all(SettingName name) {
        return fromEnvironment(name).map(List::of).orElseGet(() -> written.getOrDefault(name, List.of()));
    }

    /** The first entry of every key in the files. */
    List<Entry> firstEntries() {
        return written.values().stream().map(List::getFirst).toList();
    }

    /** Variables that look as if they were meant for oslo.config's environment driver. */
    List<String> environmentVariables() {
        return environment.keySet()
                .stream()
                .filter(name -> name.startsWith("OS_") && name.contains("__"))
                .sorted()
                .toList();
    }

    /** @throws IllegalArgumentException if a reference leads back to itself; it names the options, not their values */
    String resolved(Entry entry) {
        return resolved(entry, new LinkedHashSet<>(Set.of(entry.name())));
    }

    private String resolved(Entry entry, Set<SettingName> path) {
        Matcher references = REFERENCE.matcher(entry.value().replace("\\$", "$$"));
        return references.replaceAll(reference -> Matcher.quoteReplacement(replacement(entry, reference, path)));
    }

    private String replacement(Entry user, MatchResult reference, Set<SettingName> path) {
        if (reference.group(1) != null) {
            return "$";
        }
        String option = reference.group(2) != null ? reference.group(2) : reference.group(3);
        Optional<Entry> target = referred(user.group(), option);
        if (target.isEmpty()) {
            return unset(user.group(), option, reference.group());
        }
        if (!path.add(target.get().name())) {
            throw new IllegalArgumentException("it refers to itself through " + path);
        }
        String value = resolved(target.get(), path);
        path.remove(target.get().name());
        return value;
    }

    /** oslo.config leaves a reference to no option as it is; a default of an option it would put in, we do not know. */
    private static String unset(String group, String option, String reference) {
        UpstreamSettings upstream = UpstreamSettings.load(Map.of());
        if (candidates(group, option).stream().anyMatch(upstream::contains)) {
            throw new IllegalArgumentException("it refers to " + reference + ", which is not set");
        }
        return reference;
    }

    private Optional<Entry> referred(String group, String option) {
        return candidates(group, option).stream().flatMap(name -> last(name).stream()).findFirst();
    }

    private static List<SettingName> candidates(String group, String option) {
        int dot = option.indexOf('.');
        return dot > 0
                ? List.of(new SettingName(option.substring(0, dot), option.substring(dot + 1)))
                : List.of(new SettingName(group, option), new SettingName(SettingName.DEFAULT, option));
    }

    private Optional<Entry> fromEnvironment(SettingName name) {
        String variable = name.environmentVariable();
        return Optional.ofNullable(environment.get(variable))
                .map(value -> new Entry(name.group(), name.key(), value, "environment variable " + variable));
    }

    private static List<Entry> joined(List<Entry> before, List<Entry> after) {
        List<Entry> all = new ArrayList<>(before);
        all.addAll(after);
        return List.copyOf(all);
    }
}
