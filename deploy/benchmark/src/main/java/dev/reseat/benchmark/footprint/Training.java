package dev.reseat.benchmark.footprint;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Makes the caches of an installation: each service runs once, works, ends, and its JVM writes down which classes it
 * had, linked and with profiles. A JVM that is started with one begins where that run ended.
 */
final class Training {
    private static final int ROUNDS = 10;

    private final Installation installation;
    private final PrintStream progress;

    Training(Installation installation, PrintStream progress) {
        this.installation = installation;
        this.progress = progress;
    }

    /** @param calls how long each service answers as many calls as it can */
    void run(Path broker, Duration calls) throws IOException, InterruptedException {
        try (FootprintCloud cloud = FootprintCloud.start(broker)) {
            Map<InstalledService, MeasuredProcess> running = new EnumMap<>(InstalledService.class);
            try {
                for (InstalledService service : InstalledService.values()) {
                    running.put(service, start(cloud, service));
                }
                progress.println("training: working");
                new TrainingWork(cloud).run(ROUNDS, calls);
                progress.println("training: writing caches");
                for (MeasuredProcess process : running.values()) {
                    process.end();
                }
            } finally {
                running.values().forEach(MeasuredProcess::close);
            }
        }
        for (InstalledService service : InstalledService.values()) {
            Path cache = installation.cache(service);
            if (!Files.isReadable(cache)) {
                throw new IllegalStateException(cache + " was not written");
            }
            progress.printf("training: %s, %d MiB%n", cache, Files.size(cache) >> 20);
        }
    }

    private MeasuredProcess start(FootprintCloud cloud, InstalledService service)
            throws IOException, InterruptedException {
        Path cache = installation.cache(service);
        Files.createDirectories(cache.getParent());
        Files.deleteIfExists(cache);
        MeasuredProcess process = MeasuredProcess.exec(
                service.program(), installation.training(service, cloud.settings(service)), Map.of(),
                cloud.directory().resolve(service.program() + ".log"));
        try {
            process.awaitReady(() -> cloud.isReady(service));
            return process;
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.close();
            throw e;
        }
    }
}
