package dev.reseat.compute;

import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.endpoint.ComputeEndpoint;
import dev.reseat.compute.host.HostFiles;
import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.compute.service.RemovalRecovery;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.status.StatusEndpoint;
import dev.reseat.step.CastSteps;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The agent of one host. It serves {@code reseat-compute}, beside whatever nova-compute there is. Told to replace that,
 * it has Nova's two RPC servers too: callers that know of topic {@code compute-alt} use that one, the others
 * {@code compute}. What an agent killed earlier left half done is looked at when it starts.
 */
public final class ComputeAgent implements MonitoredService {
    public static final ServiceProgram<ComputeAgentConfig, ComputeAgent> PROGRAM =
            program(new SystemCommandRunner(List.of()), HostFiles.OF_THIS_MACHINE);

    private final ComputeAgentConfig config;
    private final RemovalRecovery recovery;
    private final Connectors connectors;
    private final ServiceGroup parts;
    private final MeterRegistry meters;
    private List<Gauge> gauges = List.of(); // start and stop come from one thread

    /**
     * For a host that may be another machine, as far as it is run by commands and seen by files: its disks over iSCSI,
     * NVMe and Fibre Channel, how it describes itself, and its guests.
     */
    public static ServiceProgram<ComputeAgentConfig, ComputeAgent> program(CommandRunner commands, HostFiles files) {
        return new ServiceProgram<>(
                "reseat-compute-agent", 9093, ComputeAgentConfig::from,
                config -> new ComputeAgentModule(config, commands, files), ComputeAgent.class);
    }

    @Inject
    ComputeAgent(
            ComputeAgentConfig config,
            RemovalJournal journal,
            BlockStorageClient blockStorage,
            RemovalRecovery recovery,
            Connectors connectors,
            ComputeEndpoint endpoint,
            CastSteps steps,
            Rpc rpc,
            MeterRegistry meters) {
        this.config = config;
        this.recovery = recovery;
        this.connectors = connectors;
        List<Target> novas = novaTargets(config);
        List<Service> all = new ArrayList<>();
        if (!config.replaces().takeover()) {
            all.add(rpc.vacant(OpenStackService.NOVA_COMPUTE.program(), novas));
        }
        all.addAll(List.of(journal, blockStorage, recovery, steps));
        novas.forEach(target -> all.add(rpc.server(target, endpoint.endpoints())));
        all.add(rpc.server(ComputeRpc.own(config.host().name()), own(endpoint, rpc)));
        this.parts = new ServiceGroup(all);
        this.meters = meters;
    }

    private List<Endpoint> own(ComputeEndpoint endpoint, Rpc rpc) {
        String host = config.host().name();
        var status = new StatusEndpoint(PROGRAM.name(), host, List.of(host), rpc.client(), healthChecks());
        return Stream.concat(endpoint.endpoints().stream(), Stream.of(status.endpoint())).toList();
    }

    private static List<Target> novaTargets(ComputeAgentConfig config) {
        if (!config.replaces().includes(OpenStackService.NOVA_COMPUTE)) {
            return List.of();
        }
        return Stream.of(ComputeRpc.ALTERNATE_TOPIC, ComputeRpc.TOPIC)
                .map(topic -> Target.of(config.exchange(), topic).onServer(config.host().name()))
                .toList();
    }

    /** How to make this host hold a volume, in this process: no RPC offers it. */
    public Connectors connectors() {
        return connectors;
    }

    /** What is unfinished, or has not come back, is said; it keeps no agent from working. */
    @Override
    public List<HealthCheck> healthChecks() {
        String host = config.host().name();
        return List.of(
                new HealthCheck("removals:" + host, this::removals),
                new HealthCheck("connectors:" + host, this::calls));
    }

    private Health removals() {
        List<Removal> unfinished = recovery.unfinished();
        String problem = recovery.problem().map("; "::concat).orElse("");
        return unfinished.isEmpty() && problem.isEmpty()
                ? Health.up("none unfinished")
                : Health.degraded(unfinished.size() + " unfinished: " + unfinished + problem);
    }

    private Health calls() {
        List<String> overdue = connectors.overdue();
        return overdue.isEmpty()
                ? Health.up("none overdue")
                : Health.degraded("given up and not back: " + String.join(", ", overdue));
    }

    /** Returns when the servers listen; what was left half done is finished in the background. */
    @Override
    public void start() {
        parts.start();
        gauges = List.of(
                gauge("reseat.compute.removals.unfinished", RemovalRecovery::count,
                        "Removals of volume connections that a killed agent or a failure left unfinished"),
                gauge("reseat.compute.removals.failed_rounds", RemovalRecovery::failedRounds,
                        "How often in a row the conductor could not be asked about unfinished removals"));
    }

    private Gauge gauge(String name, ToDoubleFunction<RemovalRecovery> value, String description) {
        return Gauge.builder(name, recovery, value)
                .description(description)
                .tag("host", config.host().name())
                .register(meters);
    }

    @Override
    public Drained drain(Duration grace) {
        return parts.drain(grace);
    }

    @Override
    public void stop() {
        gauges.forEach(meters::remove);
        parts.stop();
    }
}
