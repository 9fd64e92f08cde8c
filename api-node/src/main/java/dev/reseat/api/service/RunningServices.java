package dev.reseat.api.service;

import dev.reseat.api.remote.StatusClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.contract.status.StatusRpc.StatusTold;
import dev.reseat.contract.status.StatusRpc.TellStatus;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Who of Reseat is there, found out by asking everybody: nothing is kept of it. Thread-safe. */
public final class RunningServices {
    private static final String VOLUME_MANAGER = "reseat-volume-manager";
    private static final String AGENT = "reseat-compute-agent";

    private final StatusClient client;
    private final Database database;
    private final Cells cells;
    private final ComputeServiceTable computes;
    private final ServiceTable volumes;
    private final String server;
    /** What was told, by question and process. */
    private final Map<String, Map<String, StatusTold>> open = new ConcurrentHashMap<>();

    @Inject
    RunningServices(
            StatusClient client, Database database, Cells cells, ComputeServiceTable computes, ServiceTable volumes,
            Outbox.Names names) {
        this.client = client;
        this.database = database;
        this.cells = cells;
        this.computes = computes;
        this.volumes = volumes;
        this.server = names.host();
    }

    /**
     * Who answered, and who could have.
     *
     * @param services by program and host
     * @param hostsWithoutAgent compute hosts of Nova's of which no agent has answered
     * @param backendsWithoutManager volume services of Cinder's of which no volume-manager has answered
     * @param notAsked brokers and databases that did not answer, and why: what is known of others is not all
     */
    public record Report(
            List<StatusTold> services, Collection<String> hostsWithoutAgent, Collection<String> backendsWithoutManager,
            List<String> notAsked) {}

    /** Who could answer, by one of several sources; and who of them could not be asked. */
    private record Known(Set<String> names, List<String> notAsked) {}

    /** Returns when that time is over, whoever is still silent then. */
    public Report ask(RequestContext context, Duration wait) throws InterruptedException {
        Deadline deadline = Deadline.after(wait);
        Deadline sooner = Deadline.after(wait.multipliedBy(3).dividedBy(4)); // what brokers say is to be heard
        String question = UUID.randomUUID().toString();
        Map<String, StatusTold> told = new ConcurrentHashMap<>();
        open.put(question, told);
        try {
            FutureTask<Known> brokers = begin("brokers", () -> new Known(
                    Set.of(), client.ask(context, new TellStatus(question, server), sooner, wait)));
            FutureTask<Known> computeHosts = begin("compute hosts", this::hosts);
            FutureTask<Known> volumeServices = begin("volume services", this::backends);
            TimeUnit.NANOSECONDS.sleep(deadline.remaining().toNanos());
            List<String> notAsked = new ArrayList<>();
            known(brokers, "the brokers have", notAsked);
            Set<String> hosts = known(computeHosts, "Nova's databases have", notAsked);
            Set<String> backends = known(volumeServices, "Cinder's database has", notAsked);
            hosts.removeAll(servers(told, AGENT));
            backends.removeAll(servers(told, VOLUME_MANAGER));
            List<StatusTold> services = told.values()
                    .stream()
                    .sorted(Comparator.comparing(StatusTold::program).thenComparing(StatusTold::host))
                    .toList();
            return new Report(services, hosts, backends, notAsked);
        } finally {
            open.remove(question);
        }
    }

    /** What one process says; of a question that nobody waits for any more, nothing is kept. */
    public void told(StatusTold told) {
        Map<String, StatusTold> answers = open.get(told.question());
        if (answers != null) {
            answers.put(told.process(), told);
        }
    }

    private Known hosts() {
        Answers<Set<String>> answers = cells.everywhere(computes::hosts);
        return new Known(
                answers.given().stream().flatMap(Set::stream).collect(Collectors.toSet()),
                answers.silent().stream().map(Answers.Silent::text).toList());
    }

    private Known backends() {
        try {
            return new Known(database.cinder().transaction(volumes::areUp).keySet(), List.of());
        } catch (StoreException e) {
            return new Known(Set.of(), List.of(e.getMessage()));
        }
    }

    private static FutureTask<Known> begin(String what, Callable<Known> asking) {
        var task = new FutureTask<>(asking);
        Thread.ofVirtual().name("status: " + what).start(task);
        return task;
    }

    /** What has not come is waited for no more; it ends by itself. */
    private static Set<String> known(FutureTask<Known> asked, String who, List<String> notAsked) {
        asked.cancel(false);
        return switch (asked.state()) {
            case SUCCESS -> {
                notAsked.addAll(asked.resultNow().notAsked());
                yield new TreeSet<>(asked.resultNow().names());
            }
            case FAILED -> throw new IllegalStateException(asked.exceptionNow());
            case CANCELLED, RUNNING -> {
                notAsked.add(who + " not answered in time");
                yield new TreeSet<>();
            }
        };
    }

    private static Set<String> servers(Map<String, StatusTold> told, String program) {
        return told.values()
                .stream()
                .filter(one -> one.program().equals(program))
                .flatMap(one -> one.servers().stream())
                .collect(Collectors.toSet());
    }
}
