package dev.reseat.benchmark;

import dev.reseat.benchmark.footprint.FootprintCommand;
import dev.reseat.benchmark.footprint.TrainCommand;
import dev.reseat.benchmark.job.JobsCommand;
import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench}. */
@Command(name = "deploy/bench", mixinStandardHelpOptions = true, subcommands = {AgentsCommand.class,
        JobsCommand.class, FootprintCommand.class, TrainCommand.class},
        description = "Measures our RPC beside the bare client library"
                + " of RabbitMQ (floor), Spring AMQP and oslo.messaging, on one private broker, in turns, and prints"
                + " one table."
                + " Medians of the rounds; CPU is user and system time of a process for each call.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:measured; the aims may be missed", "1:a call has failed", "2:wrong arguments"})
public final class Main implements Callable<Integer> {
    @Option(names = "--quick", description = "one round of one second each: for a first look") private boolean quick;

    @Option(names = "--only", split = ",", paramLabel = "NAME", description = "contenders: floor, floor-topic, "
            + "floor-bare, spring, spring-queue, spring-tuned, spring-safe, oslo, ours; default: "
            + "all") private List<String> only;

    @Option(names = "--kind", split = ",", paramLabel = "KIND", description = "call, cast, fanout; default: "
            + "all") private List<String> kinds;

    @Option(names = "--size", split = ",", paramLabel = "BYTES", defaultValue = "512,16384", description = "of the "
            + "argument; default: ${DEFAULT-VALUE}") private List<Integer> sizes;

    @Option(names = "--argument", paramLabel = "FORM", defaultValue = "text", description = "text: one long text, of "
            + "letters and digits; tree: small objects in a list; connection: a connection_info of RBD, or of iSCSI"
            + " above 2048; default: ${DEFAULT-VALUE}") private String form;

    @Option(names = "--in-flight", split = ",", paramLabel = "N", defaultValue = "1,16,64,256", description = "calls "
            + "at once; default: ${DEFAULT-VALUE}") private List<Integer> inFlight;

    @Option(names = "--servers", paramLabel = "N", defaultValue = "4", description = "of a fanout; default: "
            + "${DEFAULT-VALUE}") private int servers;

    @Option(names = "--rounds", paramLabel = "N", description = "default: 5, or 1 if quick") private Integer rounds;

    @Option(names = "--seconds", paramLabel = "S", description = "of one turn; default: 2, or 1 if "
            + "quick") private Double seconds;

    @Option(names = "--warm-up", paramLabel = "S", description = "load on each JVM first, for each size; default: 20, "
            + "or 2 if quick") private Double warmUp;

    @Option(names = "--json", paramLabel = "FILE", description = "write every round there, too") private Path json;

    private Main() {}

    public static void main(String[] words) {
        System.exit(commandLine().execute(words));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }

    @Override
    public Integer call() throws IOException {
        Plan plan = plan();
        Path server = PrivateRabbitNode.installedServer()
                .orElseThrow(() -> wrong("this needs the package rabbitmq-server"));
        try (var scratch = Scratch.launch(server)) {
            double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
            Results results = new Benchmark(plan, scratch.node(), System.err).run();
            print(results, load, System.out);
            if (json != null) {
                Files.writeString(json, results.json());
            }
            return results.failed() ? 1 : 0;
        }
    }

    private Plan plan() {
        List<Contender> contenders = only == null
                ? List.of(Contender.values())
                : Arrays.stream(Contender.values()).filter(one -> only.contains(one.label())).toList();
        if (only != null && contenders.size() != only.size()) {
            throw wrong("--only: no such contender in " + only);
        }
        List<Workload.Kind> all = Arrays.stream(Workload.Kind.values())
                .filter(kind -> kinds == null || kinds.contains(kind.label()))
                .toList();
        if (kinds != null && all.size() != kinds.size()) {
            throw wrong("--kind: no such kind in " + kinds);
        }
        if (!List.of("text", "tree", "connection").contains(form)) {
            throw wrong("--argument: no such form: " + form);
        }
        return new Plan(contenders, sizes, inFlight, all, given(rounds, quick ? 1 : 5),
                duration(given(warmUp, quick ? 2.0 : 20.0)), duration(given(seconds, quick ? 1.0 : 2.0)),
                Duration.ofMillis(200), servers, form, List.of("-Xmx1g"));
    }

    private static <T> T given(T value, T fallback) {
        return value == null ? fallback : value;
    }

    private static Duration duration(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }

    private static void print(Results results, double loadBefore, PrintStream output) {
        output.print(Table.of(results));
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        output.printf(Locale.ROOT, "%n%d cores, load average %.1f before and %.1f at the end%n",
                system.getAvailableProcessors(), loadBefore, system.getSystemLoadAverage());
        List<String> aims = Aims.lines(results);
        if (!aims.isEmpty()) {
            output.println("\n| ours | aim | measured | |\n|---|---|--:|---|");
            aims.forEach(output::println);
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(new CommandLine(this), message);
    }
}
