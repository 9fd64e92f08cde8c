package dev.reseat.api.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Everything that a decision may have done to a volume. A row of the decision table names exactly one. */
public enum Repair {
    /** Nothing: what was found is told, and a person decides. */
    REPORT(true),
    /** The attach is completed: attachment attached, volume in-use. */
    COMPLETE(true),
    /** The volume is in-use again, with the attachments it has, all put back at the backend. */
    RESTORE(true),
    /** A new attachment for the server that has the volume. */
    RESTORE_ATTACHMENT(true),
    /** Backend first, then the rows: no connection, no attachment, available. */
    TAKE_DOWN(false),
    /** Off the host first, then as {@link #TAKE_DOWN}, then Nova's mapping. */
    REMOVE_FROM_HOST(false),
    /** Data flushed and the device taken off a host that no row names. */
    DISCONNECT_HOST(false),
    /** One attachment that a migration or a parallel detach has left behind. */
    DELETE_LEFTOVER(false),
    /** Nova's mapping is soft-deleted. */
    DELETE_MAPPING(false),
    /** New connection_info for the mapping. */
    REFRESH(false),
    /** One lock of one dead client is broken. */
    BREAK_LOCK(false),
    /** The rows of a volume whose object is gone already. */
    FINISH_DELETE(false),
    /** The error state that fits what was cut off. */
    SET_ERROR(false);

    private final boolean besideRunningGuest;

    Repair(boolean besideRunningGuest) {
        this.besideRunningGuest = besideRunningGuest;
    }

    @JsonCreator
    public static Repair parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The name in lower case, as in the table and in every output. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it may be done while a running guest has the disk: it takes nothing away. */
    public boolean besideRunningGuest() {
        return besideRunningGuest;
    }
}
