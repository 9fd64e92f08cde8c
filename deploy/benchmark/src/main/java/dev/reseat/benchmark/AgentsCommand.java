package dev.reseat.benchmark;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/bench agents}. */
@Command(name = "agents", mixinStandardHelpOptions = true, description = "Shows what a number of hosts costs: "
        + "simulated agents,"
        + " each with its own transport, server name and queues, on one broker, which is then killed and started again."
        + " Each agent takes two connections, so two file descriptors here and two of the broker.")
final class AgentsCommand implements Callable<Integer> {
    @Option(names = "--count", split = ",", paramLabel = "N", defaultValue = "10,100,500,1000,2000",
            description = "agents in one JVM; default: ${DEFAULT-VALUE}") private List<Integer> counts;

    @Option(names = "--each", paramLabel = "N", defaultValue = "10", description = "agents as a process each, ours "
            + "and oslo.messaging's; 0 for none; default: ${DEFAULT-VALUE}") private int each;

    @Option(names = "--idle", paramLabel = "S", defaultValue = "10", description = "how long to watch them do "
            + "nothing; default: ${DEFAULT-VALUE}") private int idle;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path server = PrivateRabbitNode.installedServer()
                .orElseThrow(() -> new IllegalStateException("this needs the package rabbitmq-server"));
        var benchmark = new AgentsBenchmark(server, Duration.ofSeconds(idle), System.err);
        System.out.print(AgentsTable.HEAD);
        for (int count : counts) {
            System.out.print(AgentsTable.row(benchmark.run(Hosting.TOGETHER, count)));
        }
        if (each > 0) {
            System.out.print(AgentsTable.row(benchmark.run(Hosting.JVM_EACH, each)));
            System.out.print(AgentsTable.row(benchmark.run(Hosting.PYTHON_EACH, each)));
        }
        return 0;
    }
}
