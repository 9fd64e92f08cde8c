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
public record Volume(
        String id,
        String nameId,
        List<Attachment> attachments,
        Optional<String> providerLocation,
        Optional<Secret> providerAuth) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,254}");

    public Volume {
        attachments = List.copyOf(attachments);
        if (!PLAIN.matcher(nameId).matches()) { // it becomes part of paths and commands
            throw new IllegalArgumentException("not an id of a volume: '" + nameId + "'");
        }
    }

    /** One for which no driver has had anything stored. */
    public Volume(String id, String nameId, List<Attachment> attachments) {
        this(id, nameId, attachments, Optional.empty(), Optional.empty());
    }

    /** The volume once that is stored. */
    public Volume with(ModelUpdate update) {
        return new Volume(id, nameId, attachments, update.providerLocation(), update.providerAuth());
    }

    /** How many live attachments are for that host. */
    public long attachmentsOf(String host) {
        return attachments.stream().filter(attachment -> attachment.isFor(host)).count();
    }
}
