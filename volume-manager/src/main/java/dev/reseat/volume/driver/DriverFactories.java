package dev.reseat.volume.driver;

import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Every kind of backend there is a driver for, by the names that {@code volume_driver} may have. */
public final class DriverFactories {
    private final Map<String, DriverFactory<?>> byName;

    @Inject
    public DriverFactories(Map<String, DriverFactory<?>> byName) {
        this.byName = Map.copyOf(byName);
    }

    public Optional<DriverFactory<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** All of them, for who has named another. */
    public String names() {
        return String.join(", ", new TreeSet<>(byName.keySet()));
    }
}
