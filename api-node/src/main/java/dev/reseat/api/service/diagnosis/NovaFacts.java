package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Circumstances;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Nova's rows say, in the words of the decision table.
 *
 * @param answering hosts whose agent has just answered
 */
record NovaFacts(Volume volume, NovaRecords nova, Circumstances around, Set<String> answering) {
    private static final Set<String> ENDED_WELL =
            Set.of("completed", "confirmed", "reverted", "done", "cancelled");
    private static final Map<String, String> STATES = Map.of(
            "active", "running",
            "paused", "running",
            "stopped", "stopped",
            "shelved", "stopped",
            "shelved_offloaded", "shelved",
            "building", "building",
            "resized", "resized");

    Map<Fact, String> answers() {
        List<VolumeMapping> living = nova.living();
        Set<String> servers = servers(living);
        return Map.of(
                Fact.SERVER, server(servers),
                Fact.TASK, known(servers).anyMatch(server -> server.taskState().isPresent()) ? "busy" : "none",
                Fact.SERVER_MIGRATION, migration(servers),
                Fact.MAPPING, mapping(living),
                Fact.MAPPING_NAMES, names(living),
                Fact.UNMAPPED, unmapped(living),
                Fact.ROOT, living.stream().anyMatch(one -> around.roots().contains(one.uuid())) ? "yes" : "no",
                Fact.HOST_ALIVE, alive(servers.stream().filter(server -> concerned(server, living)).toList()));
    }

    /** Those that have it mapped; if none has, those that the attachments are for. */
    private Set<String> servers(List<VolumeMapping> living) {
        Set<String> mapped = living.stream().map(VolumeMapping::instanceUuid).collect(Collectors.toSet());
        return mapped.isEmpty()
                ? volume.attachments()
                        .stream()
                        .map(Attachment::instanceUuid)
                        .flatMap(Optional::stream)
                        .collect(Collectors.toSet())
                : mapped;
    }

    private Stream<Whereabouts> known(Collection<String> servers) {
        return servers.stream().map(this::find).flatMap(Optional::stream);
    }

    private Optional<Whereabouts> find(String uuid) {
        return nova.mappings()
                .stream()
                .flatMap(mapping -> mapping.instance().stream())
                .filter(server -> server.uuid().equals(uuid))
                .findFirst()
                .or(() -> nova.instance(uuid));
    }

    private String server(Set<String> servers) {
        if (servers.isEmpty()) {
            return "none";
        }
        if (servers.size() > 1) {
            return "several";
        }
        return find(servers.iterator().next())
                .map(server -> server.deleted()
                        ? "deleted"
                        : STATES.getOrDefault(server.vmState().orElse(""), "other"))
                .orElse("absent");
    }

    private String migration(Set<String> servers) {
        Set<String> words = servers.stream()
                .map(uuid -> around.migrations().get(uuid))
                .filter(status -> status != null && !ENDED_WELL.contains(status))
                .map(status -> switch (status) {
                    case "finished" -> "unconfirmed";
                    case "error", "failed" -> "failed";
                    default -> "open";
                })
                .collect(Collectors.toSet());
        return Stream.of("open", "unconfirmed", "failed").filter(words::contains).findFirst().orElse("none");
    }

    private static String mapping(List<VolumeMapping> living) {
        long servers = living.stream().map(VolumeMapping::instanceUuid).distinct().count();
        return living.isEmpty() ? "none" : servers < living.size() ? "duplicate" : "one";
    }

    private String names(List<VolumeMapping> living) {
        Set<String> words = living.stream().map(this::names).collect(Collectors.toSet());
        return switch (words.size()) {
            case 0 -> "none";
            case 1 -> words.iterator().next();
            default -> "mixed";
        };
    }

    private String names(VolumeMapping mapping) {
        return mapping.attachmentId()
                .map(id -> volume.attachments()
                        .stream()
                        .filter(attachment -> attachment.id().equals(id))
                        .map(attachment -> attachment.connector().isPresent() ? "attachment" : "blank")
                        .findFirst()
                        .orElse("lost"))
                .orElse("empty");
    }

    private String unmapped(List<VolumeMapping> living) {
        Set<String> mapped = living.stream().map(VolumeMapping::instanceUuid).collect(Collectors.toSet());
        return volume.attachments()
                .stream()
                .filter(attachment -> attachment.connector().isPresent())
                .allMatch(attachment -> attachment.instanceUuid().filter(mapped::contains).isPresent())
                        ? "none"
                        : "some";
    }

    /** Whether the server may have the volume: a reservation has led it nowhere. */
    private boolean concerned(String server, List<VolumeMapping> living) {
        return living.stream().anyMatch(mapping -> mapping.instanceUuid().equals(server))
                || volume.attachments()
                        .stream()
                        .anyMatch(attachment -> attachment.connector().isPresent()
                                && attachment.instanceUuid().equals(Optional.of(server)));
    }

    /** An agent's answer is a sign of life; without one Nova's own record counts, if there is any. */
    private String alive(List<String> servers) {
        Set<String> hosts = known(servers)
                .filter(server -> !server.deleted())
                .map(Whereabouts::host)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
        Set<String> words = hosts.stream()
                .map(host -> answering.contains(host)
                        ? "yes"
                        : Optional.ofNullable(around.services().get(host))
                                .map(up -> up ? "yes" : "no")
                                .orElse(Fact.UNKNOWN))
                .collect(Collectors.toSet());
        return Stream.of("no", Fact.UNKNOWN, "yes").filter(words::contains).findFirst().orElse("none");
    }
}
