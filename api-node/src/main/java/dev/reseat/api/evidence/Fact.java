package dev.reseat.api.evidence;

import dev.reseat.contract.evidence.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What rows of the decision table can ask of a volume, each with the few words it can be answered with. The first word
 * is what a detached volume in good health has. {@link #UNKNOWN} is an answer to every one of them.
 */
public enum Fact {
    /** Column {@code status}; {@code other} for one that is not in this list, {@code none} where there is no row. */
    STATUS(Source.CINDER, "available", "creating", "reserved", "attaching", "in-use", "detaching", "maintenance",
            "deleting", "error_deleting", "downloading", "uploading", "backing-up", "restoring-backup", "retyping",
            "extending", "managing", "awaiting-transfer", "error", "error_attaching", "error_detaching",
            "error_extending", "error_backing-up", "error_restoring", "error_managing", "other", "none"),
    /** Whether {@code migration_status} says that a migration of the volume is not over. */
    VOLUME_MIGRATION(Source.CINDER, "none", "set"),
    MULTIATTACH(Source.CINDER, "no", "yes"),
    /** Live rows: none, only such that reserve, one that has a connector, several of those. */
    ATTACHMENTS(Source.CINDER, "none", "blank", "one", "several"),
    /** Rows that only reserve, beside those that have a connector. */
    BLANKS(Source.CINDER, "none", "some"),
    /** For whom the rows are: {@code mixed} if some name a server and some none. */
    ATTACHED_TO(Source.CINDER, "nobody", "server", "servers", "mixed", "host", "volume_service"),
    /** How many hosts the connectors are of. */
    ATTACHED_HOSTS(Source.CINDER, "none", "one", "several"),
    /** Whether the volume's service reports; {@code none} if the volume has no host. */
    SERVICE(Source.CINDER, "up", "down", "none"),
    /** The server that mapping or attachment names. {@code absent}: there is no such row. */
    SERVER(Source.NOVA, "none", "running", "stopped", "shelved", "building", "resized", "other", "deleted", "absent",
            "several"),
    /** Whether a task of the server is under way. */
    TASK(Source.NOVA, "none", "busy"),
    /** Its latest migration, unless that has ended well. */
    SERVER_MIGRATION(Source.NOVA, "none", "open", "unconfirmed", "failed"),
    /** Mappings of servers that exist: {@code one} each, or two of the same server. */
    MAPPING(Source.NOVA, "none", "one", "duplicate"),
    /** What the mapping names: a live attachment with connector, one without, none that lives, or none at all. */
    MAPPING_NAMES(Source.NOVA, "none", "attachment", "blank", "lost", "empty", "mixed"),
    /** Attachments that name a server which has no mapping of the volume, or no server. */
    UNMAPPED(Source.NOVA, "none", "some"),
    /** Whether a mapping says that a server boots from it. */
    ROOT(Source.NOVA, "no", "yes"),
    /** Whether the compute services of all hosts concerned are alive. */
    HOST_ALIVE(Source.NOVA, "none", "yes", "no"),
    /** Who lists the disk: {@code half} only the stored definition of a running guest, {@code half_live} only the
     * running one, {@code both} guests on two hosts, or on one that is not its server's; {@code none}: the hosts run no
     * guests. */
    GUEST(Source.GUEST, "no", "none", "stored", "live", "half", "half_live", "both"),
    /** Who holds device, session or open file: the server's host, or another. */
    HOST(Source.HOST, "no", "server", "elsewhere", "both"),
    /** Whether somebody is let in, or is there. */
    BACKEND(Source.BACKEND, "no", "mapping", "use"),
    /** The volume itself; {@code busy}: snapshots or clones hold it. */
    OBJECT(Source.BACKEND, "present", "absent", "partial", "busy"),
    /** An exclusive lock; {@code dead}: its owner has no watch and is blocklisted. */
    LOCK(Source.BACKEND, "none", "live", "dead"),
    /** Whether the mapping leads to where the backend says that the volume is. */
    CONNECTION(Source.BACKEND, "none", "same", "stale");

    /** The answer that is none. */
    public static final String UNKNOWN = "unknown";

    private final Source source;
    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> words;

    Fact(Source source, String... words) {
        this.source = source;
        this.words = List.of(words);
    }

    /** The fact of a name; empty if there is none. */
    public static Optional<Fact> named(String name) {
        return Arrays.stream(values()).filter(fact -> fact.text().equals(name)).findFirst();
    }

    /** Who answers. */
    public Source source() {
        return source;
    }

    /** All answers but {@link #UNKNOWN}. */
    public List<String> words() {
        return words;
    }

    /** The name in lower case, as in the table. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
