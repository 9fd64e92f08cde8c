package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.api.object.CinderObjects;
import dev.reseat.api.object.StoredConnectionInfo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

/**
 * What one host is to be asked.
 *
 * @param instanceUuid whose guest to look at
 * @param connectionInfo nested; how that row leads to the volume. Empty if no row says it. A secret
 */
record HostQuestion(
        String host,
        Optional<String> instanceUuid,
        Optional<String> attachmentId,
        Optional<Map<String, Object>> connectionInfo) {
    /** Every host that any row names, each with every way that the rows know to the volume. */
    static List<HostQuestion> all(Inquiry inquiry) {
        List<HostQuestion> named = new ArrayList<>();
        inquiry.volume().attachments().forEach(attachment -> named.addAll(of(attachment, inquiry.nova())));
        inquiry.nova().mappings().forEach(mapping -> named.addAll(of(mapping)));
        Optional<Map<String, Object>> anyWay =
                named.stream().map(HostQuestion::connectionInfo).flatMap(Optional::stream).findFirst();
        Map<HostQuestion, HostQuestion> asked = new LinkedHashMap<>();
        for (HostQuestion question : named) {
            boolean better = named.stream()
                    .anyMatch(other -> other.connectionInfo().isPresent() && other.sameGuest(question));
            if (question.connectionInfo().isPresent()) {
                asked.putIfAbsent(question.withoutAttachment(), question);
            } else if (!better) {
                HostQuestion filled = question.by(anyWay);
                asked.putIfAbsent(filled.withoutAttachment(), filled);
            }
        }
        return List.copyOf(asked.values());
    }

    /** Attachments that let somebody in, and no row says on which host. */
    static List<Attachment> unanswerable(Inquiry inquiry) {
        return inquiry.volume()
                .attachments()
                .stream()
                .filter(attachment -> attachment.connector().isPresent())
                .filter(attachment -> of(attachment, inquiry.nova()).isEmpty())
                .toList();
    }

    private static List<HostQuestion> of(Attachment attachment, NovaRecords nova) {
        SequencedSet<String> hosts = new LinkedHashSet<>();
        CinderObjects.host(attachment).ifPresent(hosts::add);
        attachment.attachedHost().ifPresent(hosts::add);
        if (!isBlank(attachment)) {
            attachment.instanceUuid().flatMap(nova::instance).ifPresent(instance -> addAll(hosts, instance));
        }
        return hosts.stream()
                .map(host -> new HostQuestion(
                        host, attachment.instanceUuid(), Optional.of(attachment.id()),
                        StoredConnectionInfo.way(attachment)))
                .toList();
    }

    /** A reservation has never led anybody to the volume; what its server holds by a mapping, that mapping asks. */
    private static boolean isBlank(Attachment attachment) {
        return attachment.status().equals("reserved") && attachment.connector().isEmpty()
                && attachment.connectionInfo().filter(text -> !text.equals("{}")).isEmpty();
    }

    private static List<HostQuestion> of(VolumeMapping mapping) {
        SequencedSet<String> hosts = new LinkedHashSet<>();
        mapping.instance().ifPresent(instance -> addAll(hosts, instance));
        return hosts.stream()
                .map(host -> new HostQuestion(
                        host, Optional.of(mapping.instanceUuid()), mapping.attachmentId(),
                        mapping.connectionInfo().flatMap(StoredConnectionInfo::way)))
                .toList();
    }

    private static void addAll(SequencedSet<String> hosts, Whereabouts instance) {
        instance.host().ifPresent(hosts::add);
        hosts.addAll(instance.migrationHosts());
    }

    private boolean sameGuest(HostQuestion other) {
        return host.equals(other.host) && instanceUuid.equals(other.instanceUuid);
    }

    private HostQuestion by(Optional<Map<String, Object>> way) {
        return new HostQuestion(host, instanceUuid, attachmentId, way);
    }

    private HostQuestion withoutAttachment() {
        return new HostQuestion(host, instanceUuid, Optional.empty(), connectionInfo);
    }

    /** Who is asked, never by which way. */
    @Override
    public String toString() {
        return "HostQuestion[" + host + "]";
    }
}
