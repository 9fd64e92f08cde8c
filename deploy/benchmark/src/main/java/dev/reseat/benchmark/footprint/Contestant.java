package dev.reseat.benchmark.footprint;

import dev.reseat.rpc.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A kind of process that is measured.
 *
 * @param ready whether others can reach it
 * @param server that answers pings, if it has one
 */
record Contestant(
        String label,
        Optional<InstalledService> aims,
        List<String> command,
        Map<String, String> environment,
        Path log,
        BooleanSupplier ready,
        Optional<Target> server) {}
