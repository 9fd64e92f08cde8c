package dev.reseat.api;

import dev.reseat.api.conductor.ConductorEndpoint;
import dev.reseat.api.conductor.DiagnosisEndpoint;
import dev.reseat.api.conductor.JobEndpoint;
import dev.reseat.api.conductor.StateEndpoint;
import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.Reconciler;
import dev.reseat.api.job.JobWorker;
import dev.reseat.api.rest.RestServer;
import dev.reseat.api.service.JournalQueries;
import dev.reseat.api.service.OutboxPublisher;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.job.RepairRpc;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One api-node: what it starts, in the order it starts. The databases come first and REST last, so that whoever reaches
 * it finds everything behind it at work.
 */
public final class ApiNode implements MonitoredService {
    public static final ServiceProgram<ApiNodeConfig, ApiNode> PROGRAM = new ServiceProgram<>(
            "reseat-api-node", 9091, ApiNodeConfig::from, ApiNodeModule::new, ApiNode.class);

    private final Database database;
    private final JournalQueries journal;
    private final OutboxPublisher outbox;
    private final RestServer rest;
    private final ServiceGroup parts;

    @Inject
    ApiNode(
            ApiNodeConfig config,
            Rpc rpc,
            Database database,
            ProcessLeases owners,
            JournalQueries journal,
            ConductorEndpoint conductor,
            StateEndpoint state,
            StepEndpoint steps,
            CastReports reports,
            DiagnosisEndpoint diagnosis,
            JobEndpoint job,
            JobWorker worker,
            Reconciler reconciler,
            OutboxPublisher outbox,
            RestServer rest) {
        this.database = database;
        this.journal = journal;
        this.outbox = outbox;
        this.rest = rest;
        List<Service> all = new ArrayList<>();
        all.addAll(List.of(database, owners, reports));
        if (config.replaces().includes(OpenStackService.NOVA_CONDUCTOR)) {
            all.addAll(conductor(config, rpc, conductor));
        }
        all.add(rpc.server(
                StateRpc.target().onServer(config.host()),
                Stream.concat(
                        state.endpoints().stream(),
                        Stream.of(
                                steps.endpoint(), conductor.queries(), diagnosis.endpoint(), job.requests()))
                        .toList()));
        all.add(rpc.server(RepairRpc.target().onServer(config.host()), List.of(job.queue())));
        all.addAll(List.of(outbox.service(), reconciler.service(), worker, rest));
        this.parts = new ServiceGroup(all);
    }

    private static List<Service> conductor(ApiNodeConfig config, Rpc rpc, ConductorEndpoint conductor) {
        Target target = ConductorRpc.target(config.remote().computeExchange());
        List<Target> checked = config.replaces().takeover() ? List.of() : List.of(target);
        return List.of(
                rpc.vacant(OpenStackService.NOVA_CONDUCTOR.program(), checked),
                rpc.server(target.onServer(config.host()), conductor.endpoints()));
    }

    @Override
    public void start() {
        parts.start();
    }

    @Override
    public Drained drain(Duration grace) {
        return parts.drain(grace);
    }

    @Override
    public void stop() {
        parts.stop();
    }

    /** The port REST answers on; only after its start. */
    public int port() {
        return rest.port();
    }

    /** Whether this node can do its work, and how many repairs nobody has settled yet. */
    @Override
    public List<HealthCheck> healthChecks() {
        return List.of(
                new HealthCheck("cinder_database", () -> reach(() -> database.cinder().check())),
                new HealthCheck("nova_database", () -> reach(() -> database.nova().check())),
                new HealthCheck("repairs", () -> Health.up(journal.unsettled() + " not settled yet")),
                new HealthCheck("notifications", () -> Health.up(outbox.parked() + " set aside unread")));
    }

    private static Health reach(Runnable question) {
        try {
            question.run();
            return Health.up("answers");
        } catch (StoreException e) {
            return Health.down(e.getMessage());
        }
    }
}
