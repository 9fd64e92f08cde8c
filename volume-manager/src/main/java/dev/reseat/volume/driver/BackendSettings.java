package dev.reseat.volume.driver;

import dev.reseat.runtime.Settings;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The options of one backend: in its own section, or else in {@code [backend_defaults]}, which holds for all of them;
 * by today's name, or one of before.
 */
public final class BackendSettings {
    private static final String SHARED = "backend_defaults";

    private final Settings settings;
    private final String backend;

    public BackendSettings(Settings settings, String backend) {
        this.settings = settings;
        this.backend = backend;
    }

    /** What is read of it. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(Settings settings, String section, String key);
    }

    /** A text, stripped; empty if it is absent or blank. */
    public Optional<String> text(String... names) {
        return find(Settings::optionalText, names).flatMap(text -> text).map(String::strip);
    }

    /** What the reader makes of the option; empty if it is absent. */
    public <T> Optional<T> find(Reader<T> reader, String... names) {
        List<String> known = List.of(names);
        // each name is looked at in each place: an option that is passed over for another one is not misspelt
        List<T> found = Stream.of(backend, SHARED)
                .flatMap(section -> known.stream()
                        .filter(name -> settings.isSet(section, name))
                        .map(name -> reader.read(settings, section, name)))
                .toList();
        return found.stream().findFirst();
    }
}
