package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.evidence.VolumeFacts;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Source;
import jakarta.inject.Inject;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings what the sources have said into the words of the decision table. */
final class FactReader {
    private final Database database;
    private final Cells cells;
    private final CircumstancesTable circumstances;
    private final ServiceTable services;

    @Inject
    FactReader(Database database, Cells cells, CircumstancesTable circumstances, ServiceTable services) {
        this.database = database;
        this.cells = cells;
        this.circumstances = circumstances;
        this.services = services;
    }

    VolumeFacts of(Inquiry inquiry, List<HostAnswer> hosts, BackendAnswer backend) {
        return of(inquiry, around(inquiry), serviceUp(inquiry), hosts, backend);
    }

    /**
     * The same of what was read before.
     *
     * @param around empty if Nova's rows cannot be read
     * @param serviceUp whether the volume's service reports; empty if no row says it, or none can be read
     */
    static VolumeFacts of(
            Inquiry inquiry, Optional<Circumstances> around, Optional<Boolean> serviceUp, List<HostAnswer> hosts,
            BackendAnswer backend) {
        Map<Fact, String> answers = new EnumMap<>(Fact.class);
        answers.putAll(new CinderFacts(inquiry.volume(), serviceUp).answers());
        answers.putAll(around.isPresent() && !inquiry.nova().mayHaveAny()
                ? new NovaFacts(inquiry.volume(), inquiry.nova(), around.get(), answering(hosts)).answers()
                : unknown(Source.NOVA));
        answers.putAll(new PlaceFacts(inquiry, hosts).answers());
        answers.putAll(new BackendFacts(inquiry.nova(), backend).answers());
        return new VolumeFacts(answers, silent(inquiry.nova(), around.isPresent(), answers, hosts, backend));
    }

    private static Set<Source> silent(
            NovaRecords nova, boolean around, Map<Fact, String> answers, List<HostAnswer> hosts,
            BackendAnswer backend) {
        Set<Source> silent = EnumSet.noneOf(Source.class);
        if (nova.failure().isPresent() || nova.mayHaveAny() || !around) {
            silent.add(Source.NOVA);
        }
        if (answers.get(Fact.GUEST).equals(Fact.UNKNOWN) || hosts.stream().anyMatch(PlaceFacts::guestUnknown)) {
            silent.add(Source.GUEST);
        }
        if (answers.get(Fact.HOST).equals(Fact.UNKNOWN)
                || hosts.stream().anyMatch(answer -> answer.held() == Answer.UNKNOWN)) {
            silent.add(Source.HOST);
        }
        if (answers.get(Fact.BACKEND).equals(Fact.UNKNOWN) || BackendFacts.doubtful(backend)) {
            silent.add(Source.BACKEND);
        }
        return silent;
    }

    private static Set<String> answering(List<HostAnswer> hosts) {
        return hosts.stream()
                .filter(answer -> answer.result().isPresent())
                .map(HostAnswer::host)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }

    /** Empty if Nova's rows cannot be read. */
    private Optional<Circumstances> around(Inquiry inquiry) {
        NovaRecords nova = inquiry.nova();
        if (nova.failure().isPresent()) {
            return Optional.empty();
        }
        Set<String> servers = servers(inquiry.volume(), nova).collect(Collectors.toSet());
        Set<String> hosts = hosts(nova).collect(Collectors.toSet());
        Volume volume = inquiry.volume();
        try {
            Answers<Circumstances> answers =
                    cells.everywhere(tx -> circumstances.read(tx, List.of(volume.id()), servers, hosts));
            return cells.concerning(answers.silent(), volume.instances(), volume.projectId()).isEmpty()
                    ? answers.given().stream().reduce(Circumstances::and)
                    : Optional.empty();
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    /** Every server that a row connects with the volume. */
    static Stream<String> servers(Volume volume, NovaRecords nova) {
        return Stream.concat(
                nova.mappings().stream().map(VolumeMapping::instanceUuid),
                volume.instances().stream());
    }

    /** Every host that such a server is on. */
    static Stream<String> hosts(NovaRecords nova) {
        return Stream.concat(
                nova.mappings().stream().flatMap(mapping -> mapping.instance().stream()), nova.instances().stream())
                .map(Whereabouts::host)
                .flatMap(Optional::stream);
    }

    /** Empty if no row says it, or none can be read. */
    private Optional<Boolean> serviceUp(Inquiry inquiry) {
        try {
            return inquiry.volume()
                    .serviceName()
                    .flatMap(name -> database.cinder().transaction(tx -> services.isUp(tx, name)));
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    private static Map<Fact, String> unknown(Source source) {
        return Stream.of(Fact.values())
                .filter(fact -> fact.source() == source)
                .collect(Collectors.toMap(fact -> fact, _ -> Fact.UNKNOWN));
    }
}
