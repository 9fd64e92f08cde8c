package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.ServiceTable;
import dev.reseat.api.store.nova.CircumstancesTable;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Source;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@link Diagnosis} finds out, of many volumes at once: rows in a few statements for all of them, and one
 * inventory of each host and backend, however many volumes there are. Asks the same hosts, and besides names whoever
 * else has anything of a volume. Thread-safe.
 */
public final class InventoryDiagnosis {
    private final Database database;
    private final Cells cells;
    private final NovaRows nova;
    private final CinderRows cinder;
    private final FormerHost former;
    private final CircumstancesTable circumstances;
    private final ServiceTable services;
    private final Hosts hosts;
    private final Backends backends;
    private final ComputeClient computes;
    private final VolumeClient volumes;
    private final InstantSource clock;

    @Inject
    InventoryDiagnosis(
            Database database, Cells cells, NovaRows nova, CinderRows cinder, FormerHost former,
            CircumstancesTable circumstances,
            ServiceTable services, Hosts hosts, Backends backends, ComputeClient computes, VolumeClient volumes,
            InstantSource clock) {
        this.database = database;
        this.cells = cells;
        this.nova = nova;
        this.cinder = cinder;
        this.former = former;
        this.circumstances = circumstances;
        this.services = services;
        this.hosts = hosts;
        this.backends = backends;
        this.computes = computes;
        this.volumes = volumes;
        this.clock = clock;
    }

    /** Nobody is asked yet. */
    public InventoryReading begin(RequestContext context) {
        return new InventoryReading(context, computes, volumes, clock);
    }

    /**
     * In the order of the volumes. Whoever of their hosts and backends has not been asked in this reading is asked now;
     * whoever is silent makes facts unknown, of its volumes only.
     *
     * @param page distinct ones
     * @param deadline for all that is asked; whoever has not answered by then is silent
     * @throws StoreException if Cinder's rows cannot be read
     */
    public List<Diagnosis.Found> look(InventoryReading reading, List<Volume> page, Deadline deadline) {
        Rows rows = rows(page);
        Map<String, List<HostQuestion>> questions = new HashMap<>();
        Set<String> named = new HashSet<>();
        for (Volume volume : page) {
            List<HostQuestion> asked = questions(inquiry(volume, rows), rows);
            questions.put(volume.id(), asked);
            asked.forEach(question -> named.add(question.host()));
        }
        reading.askBackends(
                page.stream().map(Volume::services).filter(name -> !name.isEmpty()).toList(), deadline);
        page.forEach(volume -> backend(reading, volume).connections()
                .forEach(connection -> connection.host().ifPresent(named::add)));
        reading.askHosts(named, deadline);
        return page.stream()
                .map(volume -> found(reading, volume, rows, questions.get(volume.id()), backend(reading, volume)))
                .toList();
    }

    /**
     * The same of volumes that Cinder has no row of. Hosts and backends that have nothing of them are not asked, and
     * their silence says nothing here.
     */
    List<Diagnosis.Found> lookAtRowless(InventoryReading reading, List<Volume> page) {
        Rows rows = rows(page);
        return page.stream()
                .map(volume -> found(reading, volume, rows, List.of(), reading.keptByAll(volume.storedId())))
                .toList();
    }

    /** What was read of a page, for all its volumes together. */
    private record Rows(
            Map<String, NovaRecords> nova, Map<String, List<HostQuestion>> former, Answers<Circumstances> around,
            Map<String, Boolean> servicesUp) {}

    private Rows rows(List<Volume> page) {
        Map<String, NovaRecords> records = nova.read(page);
        return new Rows(
                records, former.questions(page), around(page, records),
                database.cinder().transaction(services::areUp));
    }

    private Answers<Circumstances> around(List<Volume> page, Map<String, NovaRecords> records) {
        Set<String> servers = page.stream()
                .flatMap(volume -> FactReader.servers(volume, records.get(volume.id())))
                .collect(Collectors.toSet());
        Set<String> on = records.values().stream().flatMap(FactReader::hosts).collect(Collectors.toSet());
        List<String> ids = page.stream().map(Volume::id).toList();
        return cells.everywhere(tx -> circumstances.read(tx, ids, servers, on));
    }

    /** Empty if rows cannot be read that the volume's own are among. */
    private Optional<Circumstances> around(Volume volume, Rows rows) {
        try {
            return rows.nova().get(volume.id()).failure().isEmpty() && cells
                    .concerning(rows.around().silent(), volume.instances(), volume.projectId())
                    .isEmpty()
                            ? rows.around().given().stream().reduce(Circumstances::and)
                            : Optional.empty();
        } catch (StoreException e) {
            return Optional.empty();
        }
    }

    private static Inquiry inquiry(Volume volume, Rows rows) {
        return new Inquiry(
                RequestContext.admin(), volume, rows.nova().get(volume.id()), Deadline.after(Duration.ZERO));
    }

    private static List<HostQuestion> questions(Inquiry inquiry, Rows rows) {
        List<HostQuestion> named = new ArrayList<>(HostQuestion.all(inquiry));
        rows.former()
                .getOrDefault(inquiry.volume().id(), List.of())
                .stream()
                .filter(question -> named.stream().noneMatch(other -> other.host().equals(question.host())))
                .forEach(named::add);
        return named;
    }

    private static BackendAnswer backend(InventoryReading reading, Volume volume) {
        return reading.keptBy(volume.services()).answer(volume.storedId());
    }

    private Diagnosis.Found found(
            InventoryReading reading, Volume volume, Rows rows, List<HostQuestion> questions, BackendAnswer backend) {
        Inquiry inquiry = inquiry(volume, rows);
        List<HostAnswer> answers = new ArrayList<>(questions.stream()
                .map(question -> reading.heldBy(question.host()).answer(question, volume.storedId()))
                .toList());
        HostQuestion.unanswerable(inquiry).forEach(attachment -> answers.add(Hosts.somewhere(attachment)));
        others(reading, volume, questions, backend)
                .map(question -> reading.heldBy(question.host()).answer(question, volume.storedId()))
                .forEach(answers::add);
        Evidence seen = Evidence.NONE.with(cinder.collect(inquiry))
                .with(nova.collect(inquiry))
                .with(inventory(reading, hosts.observations(inquiry, answers)))
                .with(inventory(reading, backends.observations(backend)));
        return new Diagnosis.Found(seen, FactReader.of(
                inquiry, around(volume, rows),
                volume.serviceName().map(name -> rows.servicesUp().get(name.replaceFirst("#.*$", ""))),
                answers, backend));
    }

    /**
     * Hosts that no row names but the backend, or that have anything of the volume; and on hosts that were asked about
     * one guest, guests that no row names.
     */
    private static Stream<HostQuestion> others(
            InventoryReading reading, Volume volume, List<HostQuestion> questions, BackendAnswer backend) {
        Set<String> more = new HashSet<>(reading.holders(volume.storedId()));
        backend.connections().forEach(connection -> connection.host().ifPresent(more::add));
        return more.stream().sorted().filter(host -> {
            List<Optional<String>> asked = questions.stream()
                    .filter(question -> question.host().equals(host))
                    .map(HostQuestion::instanceUuid)
                    .toList();
            return asked.isEmpty() || reading.heldBy(host)
                    .instances(volume.storedId())
                    .anyMatch(uuid -> !asked.contains(Optional.of(uuid)) && !asked.contains(Optional.empty()));
        }).map(host -> new HostQuestion(host, Optional.empty(), Optional.empty(), Optional.empty()));
    }

    /** Said of how it was asked for, and when at the earliest. */
    private static List<Observation> inventory(InventoryReading reading, List<Observation> seen) {
        return seen.stream()
                .map(one -> one.source() == Source.GUEST || one.source() == Source.HOST
                        || one.source() == Source.BACKEND
                                ? new Observation(
                                        one.source(), one.question(), one.answer(), one.host(), one.attachmentId(),
                                        reading.at(), one.freshFor(), HostInventory.METHOD, one.excerpt())
                                : one)
                .toList();
    }
}
