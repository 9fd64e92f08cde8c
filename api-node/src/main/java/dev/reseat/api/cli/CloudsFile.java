package dev.reseat.api.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** {@code clouds.yaml} and {@code secure.yaml}, where openstacksdk looks for them. */
final class CloudsFile {
    private CloudsFile() {}

    /**
     * What they say of a cloud, by the names that openstacksdk has; what stands under {@code auth} as if it did not.
     *
     * @throws UsageError if there is no such cloud, or a file cannot be read
     */
    static Map<String, String> cloud(String name, Map<String, String> environment) {
        Path file = find("clouds", environment)
                .orElseThrow(() -> new UsageError("there is no clouds.yaml in " + places(environment)));
        Map<String, String> values = new HashMap<>(of(file, name)
                .orElseThrow(() -> new UsageError(file + " has no cloud '" + name + "'")));
        find("secure", environment).flatMap(secure -> of(secure, name)).ifPresent(values::putAll);
        return values;
    }

    private static Optional<Path> find(String kind, Map<String, String> environment) {
        String variable = kind.equals("clouds") ? "OS_CLIENT_CONFIG_FILE" : "OS_CLIENT_SECURE_FILE";
        Stream<Path> given = Optional.ofNullable(environment.get(variable)).map(Path::of).stream();
        Stream<Path> usual = places(environment).stream()
                .flatMap(place -> Stream.of(place.resolve(kind + ".yaml"), place.resolve(kind + ".yml")));
        return Stream.concat(given, usual).filter(Files::isRegularFile).findFirst();
    }

    private static List<Path> places(Map<String, String> environment) {
        Optional<Path> home = Optional.ofNullable(environment.get("XDG_CONFIG_HOME"))
                .map(Path::of)
                .or(() -> Optional.ofNullable(environment.get("HOME")).map(at -> Path.of(at, ".config")));
        return Stream.of(Optional.of(Path.of("")), home.map(at -> at.resolve("openstack")),
                Optional.of(Path.of("/etc/openstack"))).flatMap(Optional::stream).toList();
    }

    private static Optional<Map<String, String>> of(Path file, String name) {
        Object document;
        try {
            document = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (IOException | YAMLException unreadable) {
            throw new UsageError(file + " cannot be read: " + unreadable.getClass().getSimpleName());
        }
        return document instanceof Map<?, ?> root
                && root.get("clouds") instanceof Map<?, ?> clouds
                && clouds.get(name) instanceof Map<?, ?> cloud
                        ? Optional.of(flat(cloud))
                        : Optional.empty();
    }

    private static Map<String, String> flat(Map<?, ?> cloud) {
        Map<String, String> values = new HashMap<>();
        put(values, cloud);
        if (cloud.get("auth") instanceof Map<?, ?> auth) {
            put(values, auth);
        }
        return values;
    }

    private static void put(Map<String, String> values, Map<?, ?> from) {
        from.forEach((key, value) -> {
            if (value != null && !(value instanceof Map) && !(value instanceof List)) {
                values.put(String.valueOf(key).replace('-', '_'), String.valueOf(value));
            }
        });
    }
}
