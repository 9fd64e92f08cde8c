package dev.reseat.api.offline;

import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Cinder's and Nova's rows out of dumps, as the records that a diagnosis rests on. */
final class RecordedRows {
    static final Set<String> CINDER = Set.of("volumes", "volume_attachment", "services");
    static final Set<String> NOVA = Set.of("block_device_mapping", "instances", "migrations", "services");
    /** Both programs' {@code service_down_time}. */
    private static final Duration DOWN = Duration.ofSeconds(60);
    private static final Set<String> ENDED_WELL =
            Set.of("completed", "confirmed", "reverted", "done", "cancelled");

    private final Dump cinder;
    private final Dump nova;
    private final Instant at;
    private final List<String> silentCells;
    private final Map<String, List<Attachment>> attachments;
    private final Map<String, List<Map<String, String>>> mappings;
    private final Map<String, Map<String, String>> latestMigrations = new HashMap<>();
    private final Map<String, Map<String, String>> instances;

    /**
     * @param at when the rows were read; empty if that has to be told from the latest sign of life in them
     * @param silentCells why rows of Nova's are missing
     */
    RecordedRows(Dump cinder, Dump nova, Optional<Instant> at, List<String> silentCells) {
        this.silentCells = List.copyOf(silentCells);
        this.cinder = cinder;
        this.nova = nova;
        this.at = at.orElseGet(() -> Stream.concat(cinder.of("services").stream(), nova.of("services").stream())
                .flatMap(row -> Dump.time(row, "last_seen_up", "updated_at", "created_at").stream())
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH));
        this.attachments = cinder.of("volume_attachment")
                .stream()
                .map(RecordedRows::attachment)
                .collect(Collectors.groupingBy(Attachment::volumeId));
        this.mappings = nova.of("block_device_mapping")
                .stream()
                .filter(row -> !Dump.isTrue(row, "deleted") && row.containsKey("volume_id"))
                .collect(Collectors.groupingBy(row -> row.get("volume_id")));
        this.instances = nova.of("instances")
                .stream()
                .collect(Collectors.toMap(row -> row.get("uuid"), Function.identity(), (_, later) -> later));
        nova.of("migrations")
                .stream()
                .filter(row -> !Dump.isTrue(row, "deleted") && row.containsKey("instance_uuid"))
                .sorted(Comparator.comparingLong(row -> Long.parseLong(row.get("id"))))
                .forEach(row -> latestMigrations.put(row.get("instance_uuid"), row));
    }

    /** When the rows were read. */
    Instant at() {
        return at;
    }

    List<Volume> volumes() {
        return cinder.of("volumes")
                .stream()
                .filter(row -> !Dump.isTrue(row, "deleted"))
                .map(row -> volume(row, live(row.get("id"))))
                .sorted(Comparator.comparing(Volume::id))
                .toList();
    }

    private List<Attachment> live(String volumeId) {
        return attachments.getOrDefault(volumeId, List.of())
                .stream()
                .filter(attachment -> !attachment.deleted())
                .sorted(Comparator.comparing((Attachment one) -> one.createdAt().orElse(Instant.EPOCH))
                        .thenComparing(Attachment::id))
                .toList();
    }

    Optional<Attachment> lastDeleted(Volume volume) {
        return attachments.getOrDefault(volume.id(), List.of())
                .stream()
                .filter(Attachment::deleted)
                .max(Comparator.comparing((Attachment one) -> one.deletedAt()
                        .or(one::updatedAt)
                        .or(one::createdAt)
                        .orElse(Instant.EPOCH)).thenComparing(Attachment::id));
    }

    NovaRecords nova(Volume volume) {
        return new NovaRecords(
                mappings.getOrDefault(volume.id(), List.of()).stream().map(this::mapping).toList(),
                volume.attachments()
                        .stream()
                        .flatMap(attachment -> attachment.instanceUuid().stream())
                        .distinct()
                        .flatMap(uuid -> instance(uuid).stream())
                        .toList(),
                Optional.empty(), silentCells);
    }

    Circumstances around(Volume volume) {
        Map<String, String> migrations = new HashMap<>();
        latestMigrations.forEach((server, row) -> migrations.put(server, row.getOrDefault("status", "")));
        Map<String, Boolean> services = new HashMap<>();
        nova.of("services")
                .stream()
                .filter(row -> "nova-compute".equals(row.get("binary")) && !Dump.isTrue(row, "deleted"))
                .forEach(row -> services.merge(
                        row.get("host"),
                        !Dump.isTrue(row, "forced_down") && isAlive(row, "last_seen_up", "updated_at", "created_at"),
                        Boolean::logicalOr));
        Set<String> roots = mappings.getOrDefault(volume.id(), List.of())
                .stream()
                .filter(row -> "0".equals(row.get("boot_index")) && row.containsKey("uuid"))
                .map(row -> row.get("uuid"))
                .collect(Collectors.toSet());
        return new Circumstances(migrations, services, roots);
    }

    Optional<Boolean> serviceUp(Volume volume) {
        return volume.serviceName()
                .map(name -> name.replaceFirst("#.*$", ""))
                .flatMap(name -> cinder.of("services")
                        .stream()
                        .filter(row -> "cinder-volume".equals(row.get("binary")) && !Dump.isTrue(row, "deleted"))
                        .filter(row -> name.equals(row.get("host")) || name.equals(row.get("cluster_name")))
                        .map(row -> isAlive(row, "updated_at", "created_at"))
                        .reduce(Boolean::logicalOr));
    }

    private boolean isAlive(Map<String, String> row, String... columns) {
        return Dump.time(row, columns).filter(seen -> seen.isAfter(at.minus(DOWN))).isPresent();
    }

    private VolumeMapping mapping(Map<String, String> row) {
        String server = row.getOrDefault("instance_uuid", "");
        return new VolumeMapping(
                row.getOrDefault("uuid", ""), server, Dump.text(row, "attachment_id"), Dump.text(row, "device_name"),
                Dump.text(row, "connection_info"), instance(server));
    }

    private Optional<Whereabouts> instance(String uuid) {
        return Optional.ofNullable(instances.get(uuid))
                .map(row -> new Whereabouts(
                        uuid, Dump.text(row, "host"), Dump.text(row, "vm_state"), Dump.text(row, "task_state"),
                        Dump.isTrue(row, "deleted"), migrationHosts(uuid)));
    }

    private List<String> migrationHosts(String uuid) {
        return Optional.ofNullable(latestMigrations.get(uuid))
                .filter(row -> !ENDED_WELL.contains(row.getOrDefault("status", "")))
                .stream()
                .flatMap(row -> Stream.of(Dump.text(row, "source_compute"), Dump.text(row, "dest_compute")))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Attachment attachment(Map<String, String> row) {
        return new Attachment(
                row.get("id"), row.get("volume_id"), Dump.text(row, "instance_uuid"), Dump.text(row, "attached_host"),
                Dump.text(row, "mountpoint"), Dump.time(row, "attach_time"), Dump.time(row, "detach_time"),
                Dump.text(row, "attach_mode"), row.getOrDefault("attach_status", ""),
                Dump.text(row, "connection_info"), Dump.text(row, "connector"), Dump.time(row, "created_at"),
                Dump.time(row, "updated_at"), Dump.time(row, "deleted_at"), Dump.isTrue(row, "deleted"));
    }

    /** What a diagnosis does not ask for is left out. */
    private static Volume volume(Map<String, String> row, List<Attachment> attachments) {
        Optional<String> none = Optional.empty();
        return new Volume(
                row.get("id"), none, Dump.text(row, "project_id"), Dump.text(row, "host"),
                Dump.text(row, "cluster_name"), 0, none, row.getOrDefault("status", ""),
                Dump.text(row, "attach_status"), Dump.text(row, "migration_status"), none,
                Dump.text(row, "display_name"), none, none, none, none, none, none, none, Dump.text(row, "_name_id"),
                none, none, none, none, none, none, false, Dump.isTrue(row, "multiattach"), Optional.empty(), true,
                Optional.empty(), Optional.empty(), Optional.empty(), Map.of(), Map.of(), attachments);
    }
}
