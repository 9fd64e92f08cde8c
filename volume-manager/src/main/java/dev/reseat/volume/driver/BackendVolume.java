package dev.reseat.volume.driver;

import dev.reseat.contract.connection.Secret;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A volume as drivers know it.
 *
 * @param nameId what its name on the backend is made of: the id, or another volume's id after a migration
 * @param attachments the live ones
 * @param providerLocation what the driver had stored when it made the export
 * @param providerAuth the same, a secret
 */
public record BackendVolume(
        String id,
        String nameId,
        List<VolumeAttachment> attachments,
        Optional<String> providerLocation,
        Optional<Secret> providerAuth) {
    /** What a name id is, as a regular expression that others read too. */
    public static final String NAME_ID = "[A-Za-z0-9][A-Za-z0-9_-]{0,254}";
    private static final Pattern PLAIN = Pattern.compile(NAME_ID);

    public BackendVolume {
        attachments = List.copyOf(attachments);
        if (!PLAIN.matcher(nameId).matches()) { // it becomes part of paths and commands
            throw new IllegalArgumentException("not an id of a volume: '" + nameId + "'");
        }
    }

    /** One for which no driver has had anything stored. */
    public BackendVolume(String id, String nameId, List<VolumeAttachment> attachments) {
        this(id, nameId, attachments, Optional.empty(), Optional.empty());
    }

    /** The volume once that is stored. */
    public BackendVolume with(ModelUpdate update) {
        return new BackendVolume(id, nameId, attachments, update.providerLocation(), update.providerAuth());
    }

    /**
     * Whether attachments beside that of the request have a connector; without one in the request, those of another
     * host, or more than one of its host. For backends that keep no host out: they do not know who is let in.
     */
    public boolean isOpenBeside(ConnectionRequest access) {
        if (access.attachmentId().isPresent()) {
            return attachments.stream()
                    .anyMatch(other -> other.connector().isPresent()
                            && !other.id().equals(access.attachmentId().get()));
        }
        String host = access.connector().host().orElseThrow(() -> new DriverException.ConnectorRejected("host"));
        return attachmentsOf(host) > 1
                || attachments.stream().anyMatch(other -> other.connector().isPresent() && !other.isFor(host));
    }

    /** How many live attachments are for that host. */
    public long attachmentsOf(String host) {
        return attachments.stream().filter(attachment -> attachment.isFor(host)).count();
    }
}
