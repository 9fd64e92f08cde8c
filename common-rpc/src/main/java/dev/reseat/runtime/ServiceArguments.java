package dev.reseat.runtime;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The command line of a service, in oslo.config's form. Sources keep the order in which they were named: later wins.
 *
 * @param sources files and directories to read settings from
 * @param takeover whether to serve queues that somebody serves already, where a service of OpenStack is to be replaced
 */
record ServiceArguments(List<Path> sources, boolean takeover, boolean help, boolean version) {
    private static final Path HOME = Path.of("/etc/reseat");

    ServiceArguments {
        sources = List.copyOf(sources);
    }

    static String usage(String program) {
        return """
                usage: %1$s [--config-file PATH]... [--config-dir DIR]... [--takeover] [--help] [--version]

                  --config-file PATH  settings to read; may be repeated, later files win
                  --config-dir DIR    read all *.conf of it, sorted by name; may be repeated
                  --takeover          with [reseat] replaces: start even where that service is at work
                  --help              show this text
                  --version           show the version

                Without any, $RESEAT_CONFIG is read, or else %2$s/reseat.conf, %2$s/%1$s.conf
                and %2$s/reseat.conf.d, if they exist. A variable OS_<GROUP>__<KEY> wins over files.
                """
                .formatted(program, HOME);
    }

    /** @throws IllegalArgumentException naming the word that is not understood */
    static ServiceArguments parse(String program, List<String> words, Map<String, String> environment) {
        List<Path> sources = new ArrayList<>();
        boolean takeover = false;
        boolean help = false;
        boolean version = false;
        for (var rest = words.iterator(); rest.hasNext();) {
            String[] option = rest.next().split("=", 2);
            switch (option[0]) {
                case "--config-file", "--config-dir" -> {
                    if (option.length == 1 && !rest.hasNext()) {
                        throw new IllegalArgumentException("argument " + option[0] + ": expected one argument");
                    }
                    sources.add(Path.of(option.length == 2 ? option[1] : rest.next()));
                }
                case "--takeover" -> takeover = true;
                case "--help", "-h" -> help = true;
                case "--version" -> version = true;
                default -> throw new IllegalArgumentException("unknown argument: " + option[0]);
            }
        }
        return new ServiceArguments(sources.isEmpty() ? usual(program, environment) : sources, takeover, help, version);
    }

    /** The words that are no source of settings, and change what is done with them. */
    Set<String> switches() {
        return takeover ? Set.of("takeover") : Set.of();
    }

    static List<Path> usual(String program, Map<String, String> environment) {
        if (environment.containsKey("RESEAT_CONFIG")) {
            return List.of(Path.of(environment.get("RESEAT_CONFIG")));
        }
        return Stream.of("reseat.conf", program + ".conf", "reseat.conf.d")
                .map(HOME::resolve)
                .filter(Files::exists)
                .toList();
    }
}
