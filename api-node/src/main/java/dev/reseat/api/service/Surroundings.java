package dev.reseat.api.service;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.StoredConnectionInfo;
import dev.reseat.api.remote.ComputeClient;
import dev.reseat.api.remote.VolumeClient;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What host and backend show of an instance's attachments of a volume, to be compared before and after. Changes
 * nothing.
 */
final class Surroundings {
    private final ComputeClient computes;
    private final VolumeClient backends;

    @Inject
    Surroundings(ComputeClient computes, VolumeClient backends) {
        this.computes = computes;
        this.backends = backends;
    }

    /**
     * What was seen.
     *
     * @param held whether the host holds the volume, or a guest there lists it
     * @param exported whether the backend exports every one of the attachments
     */
    record Seen(Answer held, Answer exported) {
        private static final String HELD = "held";
        private static final String EXPORTED = "exported";

        /** As {@link #note} has it; nothing is known without. */
        static Seen noted(Optional<Map<String, Object>> note) {
            return note.map(seen -> new Seen(answer(seen, HELD), answer(seen, EXPORTED)))
                    .orElse(new Seen(Answer.UNKNOWN, Answer.UNKNOWN));
        }

        private static Answer answer(Map<String, Object> seen, String source) {
            return Answer.parse(String.valueOf(seen.getOrDefault(source, Answer.UNKNOWN.text())));
        }

        /** For the journal. */
        Map<String, Object> note() {
            return Map.of(HELD, held, EXPORTED, exported);
        }

        /** Whether both show the same as then; what was not seen at either time is no proof. */
        Answer same(Seen then) {
            return same(held, then.held).and(same(exported, then.exported));
        }

        /** Whether one of the two is known to be gone that was known to be there. */
        boolean lacks(Seen then) {
            return (then.held == Answer.YES && held == Answer.NO)
                    || (then.exported == Answer.YES && exported == Answer.NO);
        }

        String text() {
            return "held by the host: " + held.text() + ", exported by the backend: " + exported.text();
        }

        private static Answer same(Answer now, Answer then) {
            return now == Answer.UNKNOWN || then == Answer.UNKNOWN ? Answer.UNKNOWN : Answer.of(now == then);
        }
    }

    /** Peers that cannot be asked by the deadline are UNKNOWN. */
    Seen look(
            RequestContext context, Volume volume, List<Attachment> attachments, String instance, String host,
            Deadline repair) {
        return new Seen(
                held(context, volume, attachments, instance, host, computes.probing(repair)),
                exported(context, volume, attachments, computes.probing(repair)));
    }

    private Answer held(
            RequestContext context, Volume volume, List<Attachment> attachments, String instance, String host,
            Deadline deadline) {
        var question = new InspectVolume(
                volume.id(), Optional.of(instance),
                attachments.stream().findFirst().flatMap(StoredConnectionInfo::nested));
        try {
            InspectVolume.Result answer = computes.inspect(context, host, question, deadline).orThrow();
            return answer.host();
        } catch (RpcException e) {
            return Answer.UNKNOWN;
        }
    }

    private Answer exported(
            RequestContext context, Volume volume, List<Attachment> attachments, Deadline deadline) {
        try {
            var seen = backends.describeConnections(context, volume, deadline).orThrow();
            if (!seen.supported() || seen.object() != Answer.YES) {
                return Answer.UNKNOWN;
            }
            Answer all = Answer.YES;
            for (Attachment attachment : attachments) {
                Answer one = Answer.NO;
                for (var connection : seen.connections()) {
                    if (connection.attachmentId().equals(Optional.of(attachment.id()))) {
                        one = one.or(connection.exported());
                    }
                }
                all = all.and(one);
            }
            return all;
        } catch (RpcException e) {
            return Answer.UNKNOWN;
        }
    }
}
