package dev.reseat.volume.driver;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A volume as drivers know it.
 *
 * @param nameId what its name on the backend is made of: the id, or another volume's id after a migration
 * @param attachments the live ones
 */
public record Volume(String id, String nameId, List<Attachment> attachments) {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,254}");

    public Volume {
        attachments = List.copyOf(attachments);
        if (!PLAIN.matcher(nameId).matches()) { // it becomes part of paths and commands
            throw new IllegalArgumentException("not an id of a volume: '" + nameId + "'");
        }
    }

    /** How many live attachments are for that host. */
    public long attachmentsOf(String host) {
        return attachments.stream().filter(attachment -> attachment.isFor(host)).count();
    }
}
