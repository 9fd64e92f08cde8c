package dev.reseat.benchmark.footprint;

import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** Which installation is trained or measured. */
final class InstallationOptions {
    @Option(names = "--root", paramLabel = "DIR", defaultValue = "/", description = "where the packages are installed "
            + "or unpacked; default: ${DEFAULT-VALUE}") private Path root;

    @Option(names = "--calls", paramLabel = "S", defaultValue = "10", description = "how long each service answers "
            + "calls in training; default: ${DEFAULT-VALUE}") private int calls;

    Installation installation() {
        return new Installation(root.toAbsolutePath());
    }

    Duration calls() {
        return Duration.ofSeconds(calls);
    }
}
