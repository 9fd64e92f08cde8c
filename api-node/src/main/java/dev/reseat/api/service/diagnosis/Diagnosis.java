package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Volume;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Asks every source of truth about a volume: rows first, then every host and the backend side by side. Thread-safe. */
public final class Diagnosis {
    private final NovaRows nova;
    private final CinderRows cinder;
    private final Hosts hosts;
    private final Backends backends;
    private final FormerHost former;
    private final FactReader facts;

    @Inject
    Diagnosis(
            NovaRows nova,
            CinderRows cinder,
            Hosts hosts,
            Backends backends,
            FormerHost former,
            FactReader facts) {
        this.former = former;
        this.facts = facts;
        this.nova = nova;
        this.cinder = cinder;
        this.hosts = hosts;
        this.backends = backends;
    }

    /** What all sources have said, and the rows that it rests on. */
    public record Diagnosed(Evidence evidence, BackendAnswer backend, NovaRecords nova) {}

    /** What Nova's rows say now of each of these volumes, read at once. */
    public Map<String, NovaRecords> nova(Collection<Volume> volumes) {
        return nova.read(volumes);
    }

    /** All five sources. Whoever cannot be asked is in the evidence with UNKNOWN. */
    public Diagnosed of(RequestContext context, Volume volume, Deadline deadline) {
        return of(inquiry(context, volume, deadline));
    }

    /** The same on rows that were just read. */
    public Diagnosed of(Inquiry inquiry) {
        return SideBySide.both(
                () -> hosts.collect(inquiry),
                () -> backends.ask(inquiry),
                (seen, backend) -> new Diagnosed(
                        rows(inquiry).with(seen).with(backends.observations(backend)), backend, inquiry.nova()));
    }

    /** All five sources, each answer by itself, and everything that the facts of a volume are made of. */
    public Found look(RequestContext context, Volume volume, Deadline deadline) {
        Inquiry inquiry = inquiry(context, volume, deadline);
        return SideBySide.both(
                () -> hosts.ask(inquiry, questions(inquiry)),
                () -> backends.ask(inquiry),
                (asked, backend) -> found(inquiry, asked, backend));
    }

    private Found found(Inquiry inquiry, List<HostAnswer> asked, BackendAnswer backend) {
        Set<String> named = asked.stream().map(HostAnswer::host).flatMap(Optional::stream).collect(Collectors.toSet());
        List<String> others = backend.connections()
                .stream()
                .flatMap(connection -> connection.host().stream())
                .filter(host -> !named.contains(host))
                .distinct()
                .toList();
        List<HostAnswer> answers = new ArrayList<>(asked);
        answers.addAll(hosts.askMore(inquiry, others));
        Evidence seen = rows(inquiry).with(hosts.observations(inquiry, answers)).with(backends.observations(backend));
        return new Found(seen, facts.of(inquiry, answers, backend), Probes.of(answers, backend));
    }

    /** Every host that any row names; where none does, the one that had the volume last. */
    private List<HostQuestion> questions(Inquiry inquiry) {
        List<HostQuestion> named = new ArrayList<>(HostQuestion.all(inquiry));
        former.questions(inquiry.volume())
                .stream()
                .filter(question -> named.stream().noneMatch(other -> other.host().equals(question.host())))
                .forEach(named::add);
        return named;
    }

    /**
     * What all sources have said, and the same in the words of the decision table.
     *
     * @param probes what of it hosts and backend have answered, as it came
     */
    public record Found(Evidence evidence, VolumeFacts facts, Probes probes) {
        /** Of answers that were not asked for one by one. */
        public Found(Evidence evidence, VolumeFacts facts) {
            this(evidence, facts, Probes.NONE);
        }
    }

    /** All but the backend, which is left in peace. */
    public Diagnosed withoutBackend(RequestContext context, Volume volume, Deadline deadline, String why) {
        return withoutBackend(inquiry(context, volume, deadline), why);
    }

    /** The same on rows that were just read. */
    public Diagnosed withoutBackend(Inquiry inquiry, String why) {
        var backend = new BackendAnswer.NotAsked(why);
        return new Diagnosed(
                rows(inquiry).with(hosts.collect(inquiry)).with(backends.observations(backend)), backend,
                inquiry.nova());
    }

    /** The rows that claim the volume, alone: no service is asked. */
    public Diagnosed rows(RequestContext context, Volume volume) {
        var inquiry = new Inquiry(context, volume, nova.claims(volume), Deadline.after(Duration.ZERO));
        return new Diagnosed(rows(inquiry), new BackendAnswer.NotAsked("rows only"), inquiry.nova());
    }

    private Inquiry inquiry(RequestContext context, Volume volume, Deadline deadline) {
        return new Inquiry(context, volume, nova.read(volume), deadline);
    }

    private Evidence rows(Inquiry inquiry) {
        return Evidence.NONE.with(cinder.collect(inquiry)).with(nova.collect(inquiry));
    }
}
