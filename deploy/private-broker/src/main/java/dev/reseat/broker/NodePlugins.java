package dev.reseat.broker;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A folder with links to RabbitMQ itself and to those plugins that are enabled, with what they stand on. A node reads
 * and compiles all plugins it finds at each start, enabled or not: those it does not need are a fifth of what a start
 * costs.
 */
final class NodePlugins {
    private static final String CORE = "rabbit";
    private static final Pattern APPLICATIONS = Pattern.compile("\\{applications,\\s*\\[([^]]*)]");
    private static final Pattern NAME = Pattern.compile("\\w+");

    private NodePlugins() {}

    /**
     * Makes the folder, with links to what a node with these plugins needs; makes none where the installation lacks
     * one of them or is laid out in another way: the node then needs its own. Repeatable.
     *
     * @param server as from {@link PrivateRabbitNode#installedServer}
     * @param enabled the content of the node's {@code enabled_plugins}
     */
    static void link(Path server, String enabled, Path folder) throws IOException {
        Path installed = server.resolveSibling("../plugins").normalize();
        if (!Files.isDirectory(installed)) {
            return;
        }
        Map<String, Path> needed = new LinkedHashMap<>();
        var waiting = new ArrayDeque<>(names(enabled));
        waiting.add(CORE);
        while (!waiting.isEmpty()) {
            String name = waiting.remove();
            Optional<Path> home = needed.containsKey(name) ? Optional.empty() : home(installed, name);
            if (home.isPresent()) { // others are Erlang's own
                needed.put(name, home.get());
                waiting.addAll(requirements(home.get(), name));
            }
        }
        if (needed.keySet().containsAll(names(enabled)) && needed.containsKey(CORE)) {
            link(needed.values(), folder);
        }
    }

    private static void link(Collection<Path> homes, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path home : homes) {
            Path link = folder.resolve(home.getFileName());
            if (!Files.exists(link)) {
                Files.createSymbolicLink(link, home);
            }
        }
    }

    private static Optional<Path> home(Path installed, String name) throws IOException {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(installed, name + "-*")) {
            for (Path home : found) {
                if (Files.isRegularFile(description(home, name))) {
                    return Optional.of(home);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> requirements(Path home, String name) throws IOException {
        Matcher list = APPLICATIONS.matcher(Files.readString(description(home, name)));
        return list.find() ? names(list.group(1)) : List.of();
    }

    private static List<String> names(String list) {
        return NAME.matcher(list).results().map(result -> result.group()).toList();
    }

    private static Path description(Path home, String name) {
        return home.resolve("ebin").resolve(name + ".app");
    }
}
