package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Collector;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.nova.WhereaboutsTable;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What Nova's rows say: a mapping of an instance that exists is a claim, in whatever state the instance is. */
final class NovaRows implements Collector {
    private final Database database;
    private final WhereaboutsTable table;
    private final InstantSource clock;

    @Inject
    NovaRows(Database database, WhereaboutsTable table, InstantSource clock) {
        this.database = database;
        this.table = table;
        this.clock = clock;
    }

    /** As they are now. A database that cannot be read is no exception here: it is an answer that says nothing. */
    NovaRecords read(Volume volume) {
        Set<String> named = volume.attachments()
                .stream()
                .map(Attachment::instanceUuid)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        try {
            return database.nova()
                    .transaction(tx -> new NovaRecords(
                            table.mappings(tx, volume.id()), table.instances(tx, named), Optional.empty()));
        } catch (StoreException e) {
            return NovaRecords.unreadable("Nova's rows cannot be read: " + e.getMessage());
        }
    }

    @Override
    public List<Observation> collect(Inquiry inquiry) {
        NovaRecords records = inquiry.nova();
        if (records.failure().isPresent()) {
            return List.of(observation(Answer.UNKNOWN, Optional.empty(), Optional.empty(), records.failure().get()));
        }
        return records.mappings().isEmpty()
                ? List.of(observation(Answer.NO, Optional.empty(), Optional.empty(), "no mapping names the volume"))
                : records.mappings().stream().map(this::observation).toList();
    }

    private Observation observation(VolumeMapping mapping) {
        String what = "mapping " + mapping.uuid() + mapping.deviceName().map(" as "::concat).orElse("")
                + mapping.attachmentId().map(" of attachment "::concat).orElse(" without attachment");
        return observation(
                mapping.instance().map(instance -> Answer.of(!instance.deleted())).orElse(Answer.UNKNOWN),
                mapping.instance().flatMap(Whereabouts::host),
                mapping.attachmentId(),
                what + " in instance " + mapping.instanceUuid() + mapping.instance()
                        .map(NovaRows::state)
                        .orElse(", which is not in Nova's database"));
    }

    private static String state(Whereabouts instance) {
        return instance.deleted()
                ? ", which is deleted"
                : " (" + instance.vmState().orElse("-") + instance.taskState().map(", "::concat).orElse("")
                        + instance.host().map(" on "::concat).orElse(" on no host") + ")";
    }

    private Observation observation(
            Answer answer, Optional<String> host, Optional<String> attachmentId, String excerpt) {
        return new Observation(
                Source.NOVA, Question.MAPPED, answer, host, attachmentId, clock.instant(), Duration.ZERO,
                "block_device_mapping", excerpt);
    }
}
