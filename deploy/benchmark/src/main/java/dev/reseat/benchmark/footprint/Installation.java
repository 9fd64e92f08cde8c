package dev.reseat.benchmark.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Packages as they are installed, or unpacked below some directory: {@code /usr/lib/reseat} with the runtime, and for
 * each service its jars, the options of its JVM, and its cache.
 *
 * @param root {@code /}, or where they were unpacked
 */
record Installation(Path root) {
    private static final String LIB = "/usr/lib/reseat/";
    private static final String CACHE = "-XX:AOTCache=";
    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    private Path lib() {
        return root.resolve(LIB.substring(1));
    }

    /** What a JVM of the service has learned in training. */
    Path cache(InstalledService service) {
        return lib().resolve(service.folder()).resolve(service.folder() + ".aot");
    }

    /** The command of the service, as its script in {@code /usr/bin} has it. */
    List<String> command(InstalledService service, Path settings) throws IOException {
        Path cache = cache(service);
        return command(service, settings, Files.exists(cache) ? List.of(CACHE + cache) : List.of());
    }

    /** The same for a run that the JVM is to learn from: profiles only where it has a compiler that reads them. */
    List<String> training(InstalledService service, Path settings) throws IOException {
        List<String> options = new ArrayList<>(List.of("-XX:AOTCacheOutput=" + cache(service)));
        if (Files.readAllLines(options(service)).contains(FIRST_COMPILER_ONLY)) {
            options.addAll(List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining"));
        }
        return command(service, settings, options);
    }

    private Path options(InstalledService service) {
        return lib().resolve(service.folder()).resolve("jvm.options");
    }

    private List<String> command(InstalledService service, Path settings, List<String> cache) throws IOException {
        List<String> command = new ArrayList<>(List.of(lib().resolve("runtime/bin/java").toString()));
        try (Stream<String> options = Files.lines(options(service))) {
            options.filter(option -> !option.startsWith(CACHE))
                    .map(option -> option.replace(LIB, lib() + "/"))
                    .forEach(command::add);
        }
        command.addAll(cache);
        command.addAll(List.of(service.main(), "--config-file", settings.toString()));
        return command;
    }
}
