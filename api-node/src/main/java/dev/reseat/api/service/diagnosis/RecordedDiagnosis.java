package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Evidence;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The diagnosis of what was written down at one time. Asks nobody. */
public final class RecordedDiagnosis {
    private final Instant at;

    /** @param at when it was written down */
    public RecordedDiagnosis(Instant at) {
        this.at = at;
    }

    /**
     * The same as {@link Diagnosis#look} would have found then. A host that rows name, and of which no answer was
     * recorded, is one that did not answer.
     *
     * @param serviceUp whether the volume's service reported; empty if no row says it
     * @param lastDeleted the attachment that was deleted last
     */
    public Diagnosis.Found look(
            Volume volume, NovaRecords nova, Circumstances around, Optional<Boolean> serviceUp,
            Optional<Attachment> lastDeleted, Probes probes) {
        var inquiry = new Inquiry(RequestContext.admin(), volume, nova, Deadline.after(Duration.ZERO));
        List<HostAnswer> answers = new ArrayList<>(probes.hosts());
        Set<String> answered =
                answers.stream().map(HostAnswer::host).flatMap(Optional::stream).collect(Collectors.toSet());
        Stream.concat(HostQuestion.all(inquiry).stream(), former(volume, lastDeleted))
                .filter(question -> answered.add(question.host()))
                .forEach(question -> answers.add(new HostAnswer(
                        Optional.of(question.host()), question.instanceUuid(), question.attachmentId(),
                        Optional.empty(), "no answer of it was recorded")));
        HostQuestion.unanswerable(inquiry)
                .stream()
                .filter(attachment -> answers.stream()
                        .noneMatch(answer -> answer.host().isEmpty()
                                && answer.attachmentId().equals(Optional.of(attachment.id()))))
                .map(Hosts::somewhere)
                .forEach(answers::add);
        BackendAnswer backend = probes.backendAnswer();
        InstantSource clock = () -> at;
        Evidence seen = Evidence.NONE.with(new CinderRows(clock).collect(inquiry))
                .with(NovaRows.observations(inquiry, clock))
                .with(Hosts.observations(inquiry, answers, clock))
                .with(Backends.observations(backend, clock));
        return new Diagnosis.Found(
                seen, FactReader.of(inquiry, Optional.of(around), serviceUp, answers, backend), probes);
    }

    private static Stream<HostQuestion> former(Volume volume, Optional<Attachment> lastDeleted) {
        if (volume.attachments().stream().anyMatch(attachment -> attachment.connector().isPresent())) {
            return Stream.empty();
        }
        return lastDeleted.flatMap(attachment -> CinderObjects.host(attachment)
                .map(host -> new HostQuestion(
                        host, attachment.instanceUuid(), Optional.of(attachment.id()),
                        StoredConnectionInfo.way(attachment))))
                .stream();
    }
}
