package dev.reseat.api.service;

import dev.reseat.contract.evidence.Observation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a refresh found and did, or would do.
 *
 * @param journal the journal entry; empty for a dry run, and where nothing had to be done
 * @param before stored connection_info JSON, masked
 * @param after new connection_info JSON, masked; empty for a dry run
 * @param unneeded why nothing had to be done, and nothing was; empty where it was refreshed
 * @param steps what was done, or would be, in order, and by whom
 * @param observations what the sources said before
 */
public record RefreshReport(
        String bdmUuid,
        String instanceUuid,
        String volumeId,
        Optional<UUID> journal,
        Optional<String> oldAttachmentId,
        Optional<String> newAttachmentId,
        Optional<String> before,
        Optional<String> after,
        boolean changed,
        Optional<String> unneeded,
        List<Step> steps,
        List<Observation> observations) {
    public RefreshReport {
        steps = List.copyOf(steps);
        observations = List.copyOf(observations);
    }

    /** How it is taken back; empty where there is nothing to take back. */
    public Optional<Inverse> inverse() {
        return unneeded.isPresent() ? Optional.empty() : Optional.of(RefreshPlan.INVERSE);
    }

    /** @param by who does it */
    public record Step(String name, String by) {}
}
