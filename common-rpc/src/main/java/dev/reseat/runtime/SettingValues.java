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
 * A reference to an option that is not set is refused: where oslo.config would put in its default, we know none.
 */
final class SettingValues {
    private static final Pattern REFERENCE = Pattern
            .compile("\\$(?:(\\$)|([_a-z][._a-z0-9]*)|\\{([_a-z][._a-z0-9]*)\\})", Pattern.CASE_INSENSITIVE);

    private final Map<SettingName, List<Entry>> written = new LinkedHashMap<>();
    private final Map<String, String> environment;
    private final Map<SettingName, Entry> overriding;

    SettingValues(List<Entry> entries, Map<String, String> environment) {
        for (Entry entry : entries) {
            written.merge(entry.name(), List.of(entry), SettingValues::joined);
        }
        this.environment = Map.copyOf(environment);
        this.overriding = Map.of();
    }

    private SettingValues(SettingValues below, List<Entry> entries) {
        written.putAll(below.written);
        environment = below.environment;
        overriding = new LinkedHashMap<>(below.overriding);
        entries.forEach(entry -> overriding.put(entry.name(), entry));
    }

    /** The same with entries that go before all others. */
    SettingValues over(List<Entry> entries) {
        return new SettingValues(this, entries);
    }

    /** What counts for a key that holds one value: what overrides, the environment, then the last one written. */
    Optional<Entry> last(SettingName name) {
        return Optional.ofNullable(overriding.get(name))
                .or(() -> fromEnvironment(name))
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

    /** @throws IllegalArgumentException if a reference leads nowhere or back to itself; it names no values */
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
        Entry target = referred(user.group(), option)
                .orElseThrow(
                        () -> new IllegalArgumentException("it refers to " + reference.group() + ", which is not set"));
        if (!path.add(target.name())) {
            throw new IllegalArgumentException("it refers to itself through " + path);
        }
        String value = resolved(target, path);
        path.remove(target.name());
        return value;
    }

    /** The group's own option goes first even if it is not set; its default, which would count, is not known here. */
    private Optional<Entry> referred(String group, String option) {
        int dot = option.indexOf('.');
        if (dot > 0) {
            return last(new SettingName(option.substring(0, dot), option.substring(dot + 1)));
        }
        SettingName own = new SettingName(group, option);
        Optional<Entry> entry = last(own);
        if (entry.isPresent() || UpstreamSettings.load(Map.of()).contains(own)) {
            return entry;
        }
        return last(new SettingName(SettingName.DEFAULT, option));
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
