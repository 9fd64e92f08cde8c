package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Collector;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.api.store.Gathered;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.WhereaboutsTable;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What Nova's rows say: a mapping of an instance that exists is a claim, in whatever state the instance is. */
final class NovaRows implements Collector {
    private static final int AT_ONCE = 200;

    private final Cells cells;
    private final WhereaboutsTable table;
    private final InstantSource clock;
    private final Gathered<Volume, NovaRecords> whole = new Gathered<>(AT_ONCE, this::inOrder);
    private final Gathered<Volume, NovaRecords> claims = new Gathered<>(AT_ONCE, this::claimsInOrder);

    @Inject
    NovaRows(Cells cells, WhereaboutsTable table, InstantSource clock) {
        this.cells = cells;
        this.table = table;
        this.clock = clock;
    }

    /** As they are now. A database that cannot be read is no exception here: it is an answer that says nothing. */
    NovaRecords read(Volume volume) {
        return whole.ask(volume);
    }

    private List<NovaRecords> inOrder(List<Volume> volumes) {
        Map<String, NovaRecords> read = read(each(volumes));
        return volumes.stream().map(volume -> read.get(volume.id())).toList();
    }

    private List<NovaRecords> claimsInOrder(List<Volume> volumes) {
        Collection<Volume> each = each(volumes);
        Map<String, NovaRecords> read = everywhere(each, tx -> {
            Map<String, List<VolumeMapping>> mappings = table.mappings(tx, each.stream().map(Volume::id).toList());
            return each.stream()
                    .collect(Collectors.toMap(Volume::id, volume -> NovaRecords.of(
                            mappings.getOrDefault(volume.id(), List.of()), List.of())));
        });
        return volumes.stream().map(volume -> read.get(volume.id())).toList();
    }

    /** Each once. */
    private static Collection<Volume> each(List<Volume> volumes) {
        return volumes.stream().collect(Collectors.toMap(Volume::id, volume -> volume, (one, _) -> one)).values();
    }

    /** As {@link #read(Volume)}, of many volumes in as few statements; each volume is in it. */
    Map<String, NovaRecords> read(Collection<Volume> volumes) {
        return everywhere(volumes, tx -> read(tx, volumes));
    }

    /** As {@link #read(Volume)}, without the instances that only its attachments name: enough to tell who claims it. */
    NovaRecords claims(Volume volume) {
        return claims.ask(volume);
    }

    private Map<String, NovaRecords> everywhere(
            Collection<Volume> volumes, Function<Transaction, Map<String, NovaRecords>> reading) {
        try {
            Answers<Map<String, NovaRecords>> answers = cells.everywhere(reading);
            return volumes.stream().collect(Collectors.toMap(Volume::id, volume -> ofCells(volume, answers)));
        } catch (StoreException e) {
            var unreadable = NovaRecords.unreadable("Nova's rows cannot be read: " + e.getMessage());
            return volumes.stream().collect(Collectors.toMap(Volume::id, _ -> unreadable));
        }
    }

    private NovaRecords ofCells(Volume volume, Answers<Map<String, NovaRecords>> answers) {
        List<NovaRecords> given = answers.given().stream().map(cell -> cell.get(volume.id())).toList();
        return new NovaRecords(
                given.stream().flatMap(cell -> cell.mappings().stream()).toList(),
                given.stream().flatMap(cell -> cell.instances().stream()).toList(),
                cells.concerning(answers.silent(), volume.instances(), volume.projectId())
                        .stream()
                        .findFirst()
                        .map(NovaRows::unreadable),
                cells.possible(answers.silent(), volume.projectId()).stream().map(NovaRows::unreadable).toList());
    }

    private Map<String, NovaRecords> read(Transaction tx, Collection<Volume> volumes) {
        Map<String, List<VolumeMapping>> mappings = table.mappings(tx, volumes.stream().map(Volume::id).toList());
        Map<String, Whereabouts> instances = new HashMap<>();
        mappings.values()
                .stream()
                .flatMap(List::stream)
                .flatMap(mapping -> mapping.instance().stream())
                .forEach(instance -> instances.put(instance.uuid(), instance));
        Set<String> others = volumes.stream().flatMap(one -> one.instances().stream()).collect(Collectors.toSet());
        others.removeAll(instances.keySet());
        table.instances(tx, others).forEach(instance -> instances.put(instance.uuid(), instance));
        return volumes.stream()
                .collect(Collectors.toMap(Volume::id, volume -> NovaRecords.of(
                        mappings.getOrDefault(volume.id(), List.of()),
                        volume.instances().stream().map(instances::get).filter(Objects::nonNull).toList())));
    }

    private static String unreadable(Answers.Silent silent) {
        return "Nova's rows cannot be read: " + silent.text();
    }

    @Override
    public List<Observation> collect(Inquiry inquiry) {
        return observations(inquiry, clock);
    }

    /** The same of rows of another time. */
    static List<Observation> observations(Inquiry inquiry, InstantSource clock) {
        NovaRecords records = inquiry.nova();
        List<Observation> unknown = Stream.concat(records.failure().stream(), records.doubts().stream())
                .distinct()
                .map(why -> observation(Answer.UNKNOWN, Optional.empty(), Optional.empty(), why, clock))
                .toList();
        return records.mappings().isEmpty() && unknown.isEmpty()
                ? List.of(observation(
                        Answer.NO, Optional.empty(), Optional.empty(), "no mapping names the volume", clock))
                : Stream.concat(
                        records.mappings().stream().map(mapping -> observation(mapping, clock)), unknown.stream())
                        .toList();
    }

    private static Observation observation(VolumeMapping mapping, InstantSource clock) {
        String what = "mapping " + mapping.uuid() + mapping.deviceName().map(" as "::concat).orElse("")
                + mapping.attachmentId().map(" of attachment "::concat).orElse(" without attachment");
        return observation(
                mapping.instance().map(instance -> Answer.of(!instance.deleted())).orElse(Answer.UNKNOWN),
                mapping.instance().flatMap(Whereabouts::host),
                mapping.attachmentId(),
                what + " in instance " + mapping.instanceUuid() + mapping.instance()
                        .map(NovaRows::state)
                        .orElse(", which is not in Nova's database"),
                clock);
    }

    private static String state(Whereabouts instance) {
        return instance.deleted()
                ? ", which is deleted"
                : " (" + instance.vmState().orElse("-") + instance.taskState().map(", "::concat).orElse("")
                        + instance.host().map(" on "::concat).orElse(" on no host") + ")";
    }

    private static Observation observation(
            Answer answer, Optional<String> host, Optional<String> attachmentId, String excerpt,
            InstantSource clock) {
        return new Observation(
                Source.NOVA, Question.MAPPED, answer, host, attachmentId, clock.instant(), Duration.ZERO,
                "block_device_mapping", excerpt);
    }
}
