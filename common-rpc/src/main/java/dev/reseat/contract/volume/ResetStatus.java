package dev.reseat.contract.volume;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.reseat.contract.step.ReportTo;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code reset_status} in namespace {@code reseat}, 1.0: brings the backend into the shape that a volume status
 * promises. {@code available}: every attachment is taken down, and shown to be down. {@code in-use}: every attachment
 * is put back. Repeatable; the database is not touched. After Cinder's specification "Reset Volume State with Driver
 * Involved".
 *
 * @param volumeId which volume; may be left out when {@code volume} is given
 * @param volume the volume with its attachments; read from the state service when left out
 * @param status {@code available} or {@code in-use}; the driver has nothing to do for any other
 * @param reportTo from 1.1 on: the method is a step that was cast, and is admitted and reported on
 */
public record ResetStatus(
        Optional<String> volumeId,
        Optional<VolumeObject> volume,
        String status,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ReportTo> reportTo) {
    /** To be called: who asks is answered. */
    public ResetStatus(Optional<String> volumeId, Optional<VolumeObject> volume, String status) {
        this(volumeId, volume, status, Optional.empty());
    }

    public ResetStatus {
        if (volumeId.isEmpty() && volume.isEmpty()) {
            throw new IllegalArgumentException("volume_id or volume is needed");
        }
        if (status == null || status.isBlank()) {
            throw new IllegalArgumentException("status is needed");
        }
        if (!STATUSES.contains(status)) {
            throw new IllegalArgumentException("status is none of a volume's: '" + status + "'");
        }
    }

    public static final String METHOD = "reset_status";

    /** Every status a volume can have, in the order in which Cinder's messages list them. */
    public static final List<String> STATUSES = List.of(
            "creating",
            "available",
            "deleting",
            "error",
            "error_deleting",
            "error_managing",
            "managing",
            "attaching",
            "in-use",
            "detaching",
            "maintenance",
            "restoring-backup",
            "error_restoring",
            "reserved",
            "awaiting-transfer",
            "backing-up",
            "error_backing-up",
            "error_extending",
            "downloading",
            "uploading",
            "retyping",
            "extending");

    /**
     * What came of it.
     *
     * @param driver name of the backend's driver
     * @param detail one sentence for the operator
     * @param connections what the backend shows now
     */
    public record Result(Outcome outcome, String driver, String detail, List<BackendConnection> connections) {
        public Result {
            requireNonNull(outcome, "outcome is null");
            connections = List.copyOf(connections);
        }
    }

    /** What the driver can say at the end. */
    public enum Outcome {
        /** The backend is in the shape the status promises, and the driver has looked. */
        PROVED,
        /** The status asks nothing of the backend. */
        NOTHING_TO_DO,
        /** The driver will not: somebody still uses the volume. Nothing was taken down from under them. */
        REFUSED,
        /** The driver has done its part but cannot see whether somebody still uses the volume. */
        UNPROVED,
        /** The driver tried and failed. */
        FAILED,
        /** The driver has no such ability. */
        NOT_IMPLEMENTED;

        @JsonCreator
        public static Outcome parse(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }

        @JsonValue
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
