package dev.reseat.api.model;

import java.time.LocalDateTime;
import java.util.Set;

/** One more condition on a column of volumes, as clients of the block storage API filter lists. */
public sealed interface VolumeCondition {
    /** One of these texts. */
    record OneOf(Text column, Set<String> texts) implements VolumeCondition {
        public OneOf {
            texts = Set.copyOf(texts);
        }
    }

    /** Nothing is stored there. */
    record Absent(Text column) implements VolumeCondition {}

    /** @param part of the text; {@code %} and {@code _} stand for any others, as in Cinder */
    record Contains(Text column, String part) implements VolumeCondition {}

    /** A yes or a no. */
    record Is(Flag column, boolean value) implements VolumeCondition {}

    /** One of these sizes, in GiB. */
    record Size(Set<Integer> sizes) implements VolumeCondition {
        public Size {
            sizes = Set.copyOf(sizes);
        }
    }

    /** @param name a shorter one matches every longer one it begins, as with hosts; any if it is empty */
    record OfCluster(String name) implements VolumeCondition {}

    /** It was made from an image, of which it keeps this. */
    record OfImage(String key, String value) implements VolumeCondition {}

    /** Before or after a time in UTC. */
    record Compared(Time column, Comparison comparison, LocalDateTime time) implements VolumeCondition {}

    /** Columns of texts, by their names; not those of secrets. */
    enum Text {
        ID,
        EC2_ID,
        USER_ID,
        PROJECT_ID,
        SNAPSHOT_ID,
        SOURCE_VOLID,
        AVAILABILITY_ZONE,
        STATUS,
        ATTACH_STATUS,
        MIGRATION_STATUS,
        PREVIOUS_STATUS,
        DISPLAY_NAME,
        DISPLAY_DESCRIPTION,
        PROVIDER_ID,
        PROVIDER_GEOMETRY,
        PROVIDER_LOCATION,
        ENCRYPTION_KEY_ID,
        VOLUME_TYPE_ID,
        CONSISTENCYGROUP_ID,
        GROUP_ID,
        REPLICATION_STATUS,
        REPLICATION_EXTENDED_STATUS,
        REPLICATION_DRIVER_DATA,
        SERVICE_UUID
    }

    /** Columns of yes and no. */
    enum Flag {
        BOOTABLE,
        MULTIATTACH,
        SHARED_TARGETS,
        USE_QUOTA
    }

    /** Columns of times. */
    enum Time {
        CREATED_AT,
        UPDATED_AT
    }

    /** How two times are compared. */
    enum Comparison {
        GT(">"),
        GTE(">="),
        EQ("="),
        NEQ("<>"),
        LT("<"),
        LTE("<=");

        private final String operator;

        Comparison(String operator) {
            this.operator = operator;
        }

        public String operator() {
            return operator;
        }
    }
}
