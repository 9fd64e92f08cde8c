package dev.reseat.api.service;

import dev.reseat.api.flow.FlowRunner;
import dev.reseat.api.flow.Journal;
import dev.reseat.api.flow.NotOwner;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.flow.Step;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.Performed;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.journal.JournalEntry;
import dev.reseat.api.store.journal.JournalStep.Phase;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.contract.volume.DescribeConnections;
import dev.reseat.contract.volume.FenceClient;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Has the backend of a volume keep one client out of all it keeps. Only for who names the client: nothing else in this
 * program does it, for a client that lives loses all its volumes. Thread-safe.
 */
public final class ClientFencing {
    static final Inverse INVERSE = new Inverse.None("the client loses what it has open; the backend lets it in again "
            + "when the time is over, or before that when a person lifts the fence there");

    private final Volumes volumes;
    private final VolumeClient backends;
    private final Journal journal;
    private final FlowRunner runner;

    @Inject
    ClientFencing(Volumes volumes, VolumeClient backends, Journal journal, FlowRunner runner) {
        this.volumes = volumes;
        this.backends = backends;
        this.journal = journal;
        this.runner = runner;
    }

    /** Looks and says what would be done. Changes nothing. */
    public FenceReport dryRun(RequestContext context, String volumeId, FenceRequest request) {
        Volume volume = volumes.show(context, volumeId);
        List<BackendConnection> seen = seen(context, volume, request, backends.working());
        return report(volume, request, seen, Optional.empty(), Optional.empty());
    }

    /**
     * Returns when the backend shows that the client is kept out. Repeatable: the time counts anew, and what came of an
     * earlier one no longer matters.
     *
     * @throws ServiceException.Invalid without a reason
     * @throws ServiceException.Conflict if the backend does not show the client at the volume, and that was not said
     * @throws ServiceException.NotImplemented if the driver cannot keep a client out
     */
    public FenceReport fence(RequestContext context, String volumeId, FenceRequest request) {
        if (request.reason().isEmpty()) {
            throw new ServiceException.Invalid("Whoever keeps a client out has to say why: a reason is recorded.");
        }
        Deadline deadline = backends.working();
        Volume volume = volumes.show(context, volumeId);
        List<BackendConnection> seen = seen(context, volume, request, deadline);
        var intention = new Journal.Intention(
                JournalEntry.Kind.FENCE, volume.id(), Optional.empty(), request.reason(), request, volume.guard());
        try (var entry = journal.openOverUnknown(context, intention, Set.of(JournalEntry.Kind.FENCE))) {
            entry.step("evidence", Phase.DONE, Map.of("seen", seen));
            entry.step("plan", Phase.DONE, Map.of("steps", steps(request)));
            String outcome = run(entry, Step.telling(
                    FenceClient.METHOD, () -> false, () -> fence(context, volume, request, deadline)), volume);
            return report(volume, request, seen, Optional.of(entry.id()), Optional.of(outcome));
        } catch (NotOwner | StoreException e) {
            throw new ServiceException.Unknown(e.getMessage(), next(volume), e);
        }
    }

    private String run(Journal.Entry entry, Step step, Volume volume) {
        try {
            runner.forward(entry, List.of(step));
            String outcome = entry.detail(step.name()).map(told -> String.valueOf(told.get("detail"))).orElse("");
            entry.settle(JournalEntry.State.DONE, outcome);
            return outcome;
        } catch (ServiceException.Unknown e) {
            entry.leaveUnknown(e.getMessage());
            throw new ServiceException.Unknown(e.getMessage(), next(volume), e);
        } catch (ServiceException e) {
            entry.settle(
                    entry.mayHaveRun(step.name()) ? JournalEntry.State.FAILED : JournalEntry.State.UNDONE,
                    e.getMessage());
            throw e;
        }
    }

    private Map<String, Object> fence(
            RequestContext context, Volume volume, FenceRequest request, Deadline deadline) {
        FenceClient.Result result = RemoteCall.backendOf(volume)
                .ask(() -> backends.fence(context, volume, request.client(), deadline));
        if (!result.supported()) {
            throw new ServiceException.NotImplemented(result.detail(), null);
        }
        return Map.of("detail", result.detail());
    }

    /** What the backend shows of the client; somebody else's address in the command line is a host that dies of it. */
    private List<BackendConnection> seen(
            RequestContext context, Volume volume, FenceRequest request, Deadline deadline) {
        Performed<DescribeConnections.Result> asked = RemoteCall.backendOf(volume)
                .query(() -> backends.describeConnections(context, volume, deadline));
        DescribeConnections.Result shown = switch (asked) {
            case Performed.Done<DescribeConnections.Result>(_, DescribeConnections.Result told) -> told;
            case Performed.Absent<DescribeConnections.Result>(String why) ->
                throw new ServiceException.Unavailable("The backend of the volume cannot be asked: " + why, null);
        };
        List<BackendConnection> seen = shown.connections()
                .stream()
                .filter(one -> one.client().filter(request.client()::concerns).isPresent())
                .toList();
        if (seen.isEmpty() && !request.unseen()) {
            throw new ServiceException.Conflict(
                    notSeen(shown, volume, request.client().address()),
                    "reseat volume fence " + volume.id() + " --client " + request.client().address() + " --unseen");
        }
        return seen;
    }

    private static String notSeen(DescribeConnections.Result shown, Volume volume, String client) {
        if (!shown.supported()) {
            return "Driver " + shown.driver() + " cannot tell who is at volume " + volume.id() + ": whether " + client
                    + " is, is not known.";
        }
        List<String> others = shown.connections().stream().map(BackendConnection::detail).toList();
        return "The backend shows nobody at " + client + " at volume " + volume.id() + "; "
                + (others.isEmpty() ? "it shows nobody." : "it shows: " + String.join("; ", others))
                + " A client that is cut off does not show.";
    }

    private static List<String> steps(FenceRequest request) {
        return List.of(FenceClient.METHOD + " " + request.client().address() + " for " + request.client().time()
                + " seconds (reseat-volume-manager)");
    }

    private static FenceReport report(
            Volume volume, FenceRequest request, List<BackendConnection> seen, Optional<UUID> entry,
            Optional<String> outcome) {
        return new FenceReport(
                volume.id(), request.client().address(), seen, steps(request), INVERSE, entry, outcome);
    }

    private static String next(Volume volume) {
        return "reseat journal show " + volume.id();
    }
}
