package dev.reseat.contract.evidence;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Who can be asked about a volume. */
public enum Source {
    /** Rows of the block storage service. */
    CINDER,
    /** Rows of the compute service. */
    NOVA,
    /** The hypervisor of a host. */
    GUEST,
    /** The kernel of a host: devices, sessions, locks. */
    HOST,
    /** The storage backend, by its driver. */
    BACKEND;

    @JsonCreator
    public static Source parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The name in lower case, as in every output. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
