package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Collector;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredObject;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.evidence.Observation;
import dev.reseat.contract.evidence.Question;
import dev.reseat.contract.evidence.Source;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What Cinder's rows say of attachments: what is meant to be, not what is. */
final class CinderRows implements Collector {
    private final InstantSource clock;

    @Inject
    CinderRows(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public List<Observation> collect(Inquiry inquiry) {
        List<Attachment> attachments = inquiry.volume().attachments();
        return attachments.isEmpty()
                ? List.of(observation(Answer.NO, Optional.empty(), Optional.empty(), "no attachment"))
                : attachments.stream().map(this::observation).toList();
    }

    private Observation observation(Attachment attachment) {
        boolean connected = attachment.connector().isPresent();
        return observation(
                Answer.of(connected),
                CinderObjects.host(attachment),
                Optional.of(attachment.id()),
                attachment.status() + (connected ? damage(attachment) : ", without connector")
                        + attachment.instanceUuid().map(" to instance "::concat).orElse(", to no instance"));
    }

    private static String damage(Attachment attachment) {
        return attachment.connector()
                .map(StoredObject::of)
                .filter(StoredObject.Damaged.class::isInstance)
                .map(StoredObject.Damaged.class::cast)
                .map(damaged -> ", connector damaged (" + damaged.problem() + ")")
                .orElse("");
    }

    private Observation observation(
            Answer answer, Optional<String> host, Optional<String> attachmentId, String excerpt) {
        return new Observation(
                Source.CINDER, Question.ATTACHED, answer, host, attachmentId, clock.instant(), Duration.ZERO,
                "volume_attachment", excerpt);
    }
}
