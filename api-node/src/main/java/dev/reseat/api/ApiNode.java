package dev.reseat.api;

import dev.reseat.api.conductor.ConductorEndpoint;
import dev.reseat.api.conductor.DiagnosisEndpoint;
import dev.reseat.api.conductor.FindingEndpoint;
import dev.reseat.api.conductor.JobEndpoint;
import dev.reseat.api.conductor.RepairEndpoint;
import dev.reseat.api.conductor.StateEndpoint;
import dev.reseat.api.conductor.StatusReports;
import dev.reseat.api.conductor.StepEndpoint;
import dev.reseat.api.conductor.VolumeServiceEndpoint;
import dev.reseat.api.finding.SweepSchedule;
import dev.reseat.api.flow.CastReports;
import dev.reseat.api.flow.Reconciler;
import dev.reseat.api.job.JobWorker;
import dev.reseat.api.rest.RestServer;
import dev.reseat.api.service.BacklogGauges;
import dev.reseat.api.service.JournalQueries;
import dev.reseat.api.service.OutboxPublisher;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.blockstorage.BlockStorageClient;
import dev.reseat.contract.OpenStackService;
import dev.reseat.contract.conductor.ConductorRpc;
import dev.reseat.contract.job.RepairRpc;
import dev.reseat.contract.state.StateRpc;
import dev.reseat.launch.ServiceProgram;
import dev.reseat.monitor.Health;
import dev.reseat.monitor.HealthCheck;
import dev.reseat.monitor.MonitoredService;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.ServiceGroup;
import dev.reseat.status.StatusEndpoint;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One api-node: what it starts, in the order it starts. The databases come first and REST last, so that whoever reaches
 * it finds everything behind it at work.
 */
public final class ApiNode implements MonitoredService {
    public static final ServiceProgram<ApiNodeConfig, ApiNode> PROGRAM = new ServiceProgram<>(
            "reseat-api-node", 9091, ApiNodeConfig::from, ApiNodeModule::new, ApiNode.class);

    private final Database database;
    private final Cells cells;
    private final JournalQueries journal;
    private final OutboxPublisher outbox;
    private final RestServer rest;
    private final ServiceGroup parts;

    @Inject
    ApiNode(
            ApiNodeConfig config,
            Rpc rpc,
            Database database,
            Cells cells,
            ApiNodeBrokers brokers,
            ProcessLeases owners,
            JournalQueries journal,
            ConductorEndpoint conductor,
            StateEndpoint state,
            StepEndpoint steps,
            VolumeServiceEndpoint volumeServices,
            CastReports reports,
            DiagnosisEndpoint diagnosis,
            JobEndpoint job,
            StatusReports statuses,
            FindingEndpoint findings,
            RepairEndpoint repairs,
            JobWorker worker,
            SweepSchedule sweeps,
            Reconciler reconciler,
            OutboxPublisher outbox,
            BacklogGauges backlogs,
            Optional<BlockStorageClient> cinderApi,
            RestServer rest) {
        this.database = database;
        this.cells = cells;
        this.journal = journal;
        this.outbox = outbox;
        this.rest = rest;
        List<Service> all = new ArrayList<>();
        cinderApi.ifPresent(all::add);
        all.addAll(List.of(database, cells, owners, reports));
        boolean replaces = config.replaces().includes(OpenStackService.NOVA_CONDUCTOR);
        if (replaces) {
            all.addAll(conductor(config, rpc, conductor));
        }
        var status = new StatusEndpoint(
                PROGRAM.name(), config.host(), List.of(config.host()), rpc.client(), healthChecks());
        List<Endpoint> endpoints = Stream.concat(
                state.endpoints().stream(),
                Stream.of(
                        steps.endpoint(), volumeServices.endpoint(), conductor.queries(), diagnosis.endpoint(),
                        job.requests(), findings.endpoint(), repairs.endpoint(), statuses.endpoint(),
                        status.endpoint()))
                .toList();
        Target api = StateRpc.target().onServer(config.host());
        all.add(rpc.server(api, endpoints));
        brokers.serve(broker -> Stream.<Service>concat(
                Stream.of(broker.server(api, endpoints)),
                replaces ? conductor(config, broker, conductor).stream() : Stream.empty()).toList());
        all.add(brokers);
        all.add(rpc.server(RepairRpc.target().onServer(config.host()), List.of(job.queue())));
        all.addAll(List.of(outbox.service(), reconciler.service(), worker, backlogs.service()));
        all.addAll(sweeps.services());
        all.add(rest);
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
                new HealthCheck("nova_database", this::nova),
                new HealthCheck("repairs", () -> Health.up(journal.unsettled() + " not settled yet")),
                new HealthCheck("notifications", this::notifications));
    }

    private Health notifications() {
        int parked = outbox.parked();
        String detail = parked + " set aside unread";
        return parked == 0 ? Health.up(detail) : Health.degraded(detail);
    }

    /** One cell of several that is down takes nothing from the others. */
    private Health nova() {
        Answers<Boolean> answers = cells.check();
        String silent = answers.silent().stream().map(Answers.Silent::text).collect(Collectors.joining("; "));
        return answers.given().isEmpty()
                ? Health.down(silent)
                : silent.isEmpty() ? Health.up("answers") : Health.degraded("does not answer: " + silent);
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
