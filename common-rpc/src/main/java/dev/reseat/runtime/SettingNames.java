package dev.reseat.runtime;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a list of names: a line each, group and key with a blank between; {@code #} begins a comment. */
final class SettingNames {
    private SettingNames() {}

    static Set<SettingName> load(String resource) {
        try (BufferedReader list = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(SettingNames.class.getResourceAsStream(resource), resource + " is missing"),
                StandardCharsets.UTF_8))) {
            return list.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 2))
                    .map(words -> new SettingName(words[0], words[1]))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
