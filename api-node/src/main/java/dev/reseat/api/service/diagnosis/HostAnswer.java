package dev.reseat.api.service.diagnosis;

import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import java.util.Optional;

/**
 * What one host has answered.
 *
 * @param host empty if no row says which it is
 * @param instanceUuid whose guest was looked at
 * @param result empty if it did not answer
 * @param detail what was seen, or why nothing was
 */
public record HostAnswer(
        Optional<String> host,
        Optional<String> instanceUuid,
        Optional<String> attachmentId,
        Optional<InspectVolume.Result> result,
        String detail) {
    /** Whether a running guest there has the disk. */
    Answer inGuest() {
        return result.map(seen -> seen.guest().and(seen.running())).orElse(Answer.UNKNOWN);
    }

    /** Whether the host holds the volume. */
    Answer held() {
        return result.map(InspectVolume.Result::host).orElse(Answer.UNKNOWN);
    }

    /** The guest's definitions; from an agent that does not tell them one by one, what follows from the rest. */
    InspectVolume.Definitions definitions() {
        return result.flatMap(InspectVolume.Result::definitions)
                .or(() -> result.map(seen -> new InspectVolume.Definitions(
                        Answer.YES,
                        seen.guest().and(seen.running()),
                        seen.running() == Answer.YES ? Answer.UNKNOWN : seen.guest())))
                .orElse(new InspectVolume.Definitions(Answer.UNKNOWN, Answer.UNKNOWN, Answer.UNKNOWN));
    }
}
