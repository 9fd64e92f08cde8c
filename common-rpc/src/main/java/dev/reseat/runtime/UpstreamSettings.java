package dev.reseat.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
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
    private final Map<String, Set<String>> models;

    private UpstreamSettings(Set<SettingName> names, Map<String, Set<String>> models) {
        this.names = names;
        this.patterns = names.stream().filter(name -> name.group().endsWith(ANY)).collect(Collectors.toSet());
        this.models = models;
    }

    /** @param models groups whose name the operator chose, with the known groups whose keys they may hold */
    static UpstreamSettings load(Map<String, Set<String>> models) {
        try (BufferedReader list = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(UpstreamSettings.class.getResourceAsStream(LIST), LIST + " is missing"),
                StandardCharsets.UTF_8))) {
            return new UpstreamSettings(
                    list.lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.split(" ", 2))
                            .map(words -> new SettingName(words[0], words[1]))
                            .collect(Collectors.toSet()),
                    models);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    boolean contains(SettingName name) {
        return names.contains(name)
                || models.getOrDefault(name.group(), Set.of())
                        .stream()
                        .anyMatch(model -> names.contains(new SettingName(model, name.key())))
                || patterns.stream()
                        .filter(pattern -> pattern.key().equals(name.key()))
                        .map(pattern -> pattern.group().substring(0, pattern.group().length() - ANY.length()))
                        .anyMatch(name.group()::startsWith);
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
                .filter(name -> distance(name.key(), wrong.key()) <= CLOSE)
                .min(Comparator.<SettingName>comparingInt(name -> distance(name.key(), wrong.key()))
                        .thenComparing(SettingName::key));
    }

    private static Optional<SettingName> elsewhere(SettingName wrong, Stream<SettingName> candidates) {
        return candidates
                .filter(name -> name.key().equals(wrong.key()))
                .min(Comparator.<SettingName>comparingInt(name -> distance(name.group(), wrong.group()))
                        .thenComparing(SettingName::group));
    }

    /** How many letters must be put in, taken out or replaced to make one word of the other. */
    private static int distance(String left, String right) {
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
