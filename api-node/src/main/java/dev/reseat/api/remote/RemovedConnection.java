package dev.reseat.api.remote;

/**
 * A volume's connection that was taken off a host.
 *
 * @param performer who did it
 * @param attachmentDeleted whether it has deleted the attachment too; a nova-compute before 6.3 cannot, nor one that is
 *     capped below it, and then the caller has to
 */
public record RemovedConnection(Performer performer, boolean attachmentDeleted) {}
