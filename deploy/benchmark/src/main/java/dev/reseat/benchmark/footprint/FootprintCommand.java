package dev.reseat.benchmark.footprint;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code deploy/bench footprint}. */
@Command(name = "footprint", mixinStandardHelpOptions = true, description = "Shows what our agent, volume-manager and "
        + "api-node take, on the runtime and with the caches that packages have, beside a bare server of "
        + "oslo.messaging and a nova-compute where it is installed: time from exec until others reach them, memory, "
        + "threads, idle CPU, and how many calls their first seconds take. On a broker and a database of its own.")
public final class FootprintCommand implements Callable<Integer> {
    /** As the scripts of the packages have it. */
    private static final Map<String, String> ENVIRONMENT = Map.of("MALLOC_ARENA_MAX", "1");
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    @Mixin private InstallationOptions installed;

    @Option(names = "--starts", paramLabel = "N", defaultValue = "5", description = "of each process; default: "
            + "${DEFAULT-VALUE}") private int starts;

    @Option(names = "--idle", paramLabel = "S", defaultValue = "60", description = "how long to watch each do nothing; "
            + "default: ${DEFAULT-VALUE}") private int idle;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "programs, bare, nova-compute; default: "
            + "all") private List<String> only = List.of();

    @Option(names = "--train", description = "make the caches first; otherwise only those that are "
            + "missing") private boolean train;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path broker = PrivateRabbitNode.installedServer()
                .orElseThrow(() -> new IllegalStateException("this needs the package rabbitmq-server"));
        Installation installation = installed.installation();
        if (train || Stream.of(InstalledService.values()).anyMatch(one -> !Files.exists(installation.cache(one)))) {
            new Training(installation, System.err).run(broker, installed.calls());
        }
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        List<Footprint> measured = new ArrayList<>();
        try (FootprintCloud cloud = FootprintCloud.start(broker); var caller = new CallRate(cloud.transportUrl())) {
            List<Contestant> contestants = contestants(cloud, installation);
            warmUp(caller, contestants);
            var benchmark = new FootprintBenchmark(caller, starts, Duration.ofSeconds(idle), System.err);
            System.out.print(FootprintTable.HEAD);
            for (Contestant one : contestants) {
                measured.add(benchmark.measure(one));
                System.out.print(FootprintTable.row(measured.getLast()));
            }
            nova(cloud, benchmark).ifPresent(row -> System.out.print(FootprintTable.row(row)));
        }
        System.out.print(FootprintTable.AIMS_HEAD);
        measured.forEach(one -> System.out.print(FootprintTable.aims(one)));
        System.out.printf(Locale.ROOT, "%n%d cores, load average %.1f before%n",
                Runtime.getRuntime().availableProcessors(), load);
        return 0;
    }

    private boolean isWanted(String name) {
        return only.isEmpty() || only.contains(name);
    }

    private List<Contestant> contestants(FootprintCloud cloud, Installation installation)
            throws IOException, InterruptedException {
        List<Contestant> all = new ArrayList<>();
        for (InstalledService service : InstalledService.values()) {
            if (isWanted(service.program())) {
                all.add(new Contestant(
                        service.program(), Optional.of(service),
                        installation.command(service, cloud.settings(service)), ENVIRONMENT,
                        cloud.directory().resolve(service.program() + ".log"), () -> cloud.isReady(service),
                        Optional.of(service.server())));
            }
        }
        if (isWanted("bare") && PythonScript.imports("oslo_messaging")) {
            all.add(new Contestant(
                    "oslo.messaging, a bare server", Optional.empty(),
                    PythonScript.command(cloud.directory(), "oslo_bare.py", cloud.transportUrl()), Map.of(),
                    cloud.directory().resolve("bare.log"), () -> cloud.consumers().has("bare.one"),
                    Optional.of(Target.of("reseat-bench", "bare").onServer("one"))));
        }
        return all;
    }

    /** The caller is a JVM, too. */
    private void warmUp(CallRate caller, List<Contestant> contestants) throws IOException, InterruptedException {
        for (Contestant one : contestants.stream().filter(any -> any.server().isPresent()).limit(1).toList()) {
            try (var process = MeasuredProcess.exec(one.label(), one.command(), one.environment(), one.log())) {
                process.awaitReady(one.ready());
                caller.perSecond(one.server().orElseThrow(), WARM_UP);
                process.end();
            }
        }
    }

    private Optional<Footprint> nova(FootprintCloud cloud, FootprintBenchmark benchmark)
            throws IOException, InterruptedException {
        if (!isWanted("nova-compute") || !RealNova.isInstalled()) {
            return Optional.empty();
        }
        try (RealNova nova = RealNova.start(cloud)) {
            return Optional.of(benchmark.measure(nova.compute()));
        }
    }
}
