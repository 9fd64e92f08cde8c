package dev.reseat.api.model;

import java.util.Optional;

/** An item that was selected and is not stored yet; the components are those of {@link JobItem}. */
public record JobItemDraft(
        String volumeId,
        Optional<String> mappingId,
        Optional<String> instanceId,
        Optional<String> host,
        Optional<String> backend,
        Optional<String> target) {}
