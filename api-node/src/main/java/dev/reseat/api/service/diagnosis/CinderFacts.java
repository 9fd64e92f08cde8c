package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.Volume;
import dev.reseat.api.object.CinderObjects;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Cinder's rows say, in the words of the decision table.
 *
 * @param serviceUp whether the volume's service reports; empty if no row says it
 */
record CinderFacts(Volume volume, Optional<Boolean> serviceUp) {
    private static final Set<String> MIGRATION_OVER = Set.of("", "none", "success", "error");

    Map<Fact, String> answers() {
        List<Attachment> connected = connected();
        return Map.of(
                Fact.STATUS, Fact.STATUS.words().contains(volume.status()) ? volume.status() : "other",
                Fact.VOLUME_MIGRATION, MIGRATION_OVER.contains(volume.migrationStatus().orElse("")) ? "none" : "set",
                Fact.MULTIATTACH, volume.multiattach() ? "yes" : "no",
                Fact.ATTACHMENTS, attachments(connected.size()),
                Fact.BLANKS, !connected.isEmpty() && connected.size() < volume.attachments().size() ? "some" : "none",
                Fact.ATTACHED_TO, attachedTo(),
                Fact.ATTACHED_HOSTS, count(connected.stream()
                        .map(CinderObjects::host)
                        .flatMap(Optional::stream)
                        .distinct()
                        .count()),
                Fact.SERVICE, service());
    }

    private List<Attachment> connected() {
        return volume.attachments().stream().filter(attachment -> attachment.connector().isPresent()).toList();
    }

    private String attachments(int connected) {
        return connected == 0 && !volume.attachments().isEmpty() ? "blank" : count(connected);
    }

    private static String count(long many) {
        return many == 0 ? "none" : many == 1 ? "one" : "several";
    }

    private String attachedTo() {
        List<Attachment> all = volume.attachments();
        Set<String> servers =
                all.stream().map(Attachment::instanceUuid).flatMap(Optional::stream).collect(Collectors.toSet());
        boolean some = all.stream().anyMatch(attachment -> attachment.instanceUuid().isEmpty());
        if (all.isEmpty()) {
            return "nobody";
        }
        if (!servers.isEmpty()) {
            return some ? "mixed" : servers.size() == 1 ? "server" : "servers";
        }
        Optional<String> own = volume.host().map(host -> host.replaceFirst("[@#].*$", ""));
        boolean service = all.stream()
                .allMatch(attachment -> own.isPresent() && CinderObjects.host(attachment).equals(own));
        return service ? "volume_service" : "host";
    }

    private String service() {
        if (volume.serviceName().isEmpty()) {
            return "none";
        }
        return serviceUp.map(up -> up ? "up" : "down").orElse(Fact.UNKNOWN);
    }
}
