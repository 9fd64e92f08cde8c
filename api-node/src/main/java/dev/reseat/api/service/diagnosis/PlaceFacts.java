package dev.reseat.api.service.diagnosis;

import dev.reseat.api.evidence.Fact;
import dev.reseat.api.evidence.Inquiry;
import dev.reseat.api.evidence.NovaRecords;
import dev.reseat.api.model.VolumeMapping;
import dev.reseat.api.model.Whereabouts;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What guests and hosts say, in the words of the decision table. */
record PlaceFacts(Inquiry inquiry, List<HostAnswer> hosts) {
    private static final Set<String> LISTED = Set.of("live", "half_live", "half", "stored");

    Map<Fact, String> answers() {
        return Map.of(Fact.GUEST, guest(), Fact.HOST, host());
    }

    /** Whether a guest there may have the disk, for all that anybody knows. */
    static boolean guestUnknown(HostAnswer answer) {
        return word(answer).equals(Fact.UNKNOWN);
    }

    /** By the guests that rows name, and by whoever else was seen to list the disk; where no row names one, by all. */
    private String guest() {
        List<HostAnswer> asked = hosts.stream()
                .filter(answer -> answer.instanceUuid().isPresent() || LISTED.contains(word(answer)))
                .toList();
        if (asked.isEmpty()) {
            return nobodyNamed();
        }
        Set<String> words = asked.stream().map(PlaceFacts::word).collect(Collectors.toSet());
        long running = asked.stream()
                .filter(answer -> answer.definitions().inRunning() == Answer.YES)
                .map(HostAnswer::host)
                .distinct()
                .count();
        if (running > 1 || asked.stream().anyMatch(this::runsElsewhere)) {
            return "both";
        }
        return first(words, "live", "half_live", "half", Fact.UNKNOWN, "stored", "none", "no");
    }

    /** In a guest on a host that no living server of the volume is on: it is not that server's guest. */
    private boolean runsElsewhere(HostAnswer answer) {
        Set<String> own = serverHosts(inquiry.nova());
        return answer.definitions().inRunning() == Answer.YES && !own.isEmpty()
                && answer.host().filter(own::contains).isEmpty();
    }

    /** Where no host is concerned, no guest is; a host's own connection may be any guest's of it. */
    private String nobodyNamed() {
        if (inquiry.nova().mayHaveMore()) {
            return Fact.UNKNOWN;
        }
        Set<String> words = hosts.stream().map(PlaceFacts::word).collect(Collectors.toSet());
        return hosts.isEmpty() ? "no" : first(words, Fact.UNKNOWN, "no", "none");
    }

    private static String first(Set<String> words, String... inOrder) {
        return Stream.of(inOrder).filter(words::contains).findFirst().orElse(Fact.UNKNOWN);
    }

    private static String word(HostAnswer answer) {
        InspectVolume.Definitions seen = answer.definitions();
        if (seen.guests() == Answer.NO) {
            return "none";
        }
        return switch (seen.inRunning()) {
            case YES -> seen.inStored() == Answer.NO ? "half_live" : "live";
            case UNKNOWN -> Fact.UNKNOWN;
            case NO -> switch (seen.inStored()) {
                case UNKNOWN -> Fact.UNKNOWN;
                case NO -> "no";
                case YES -> answer.result().map(InspectVolume.Result::running).orElse(Answer.UNKNOWN) == Answer.YES
                        ? "half"
                        : "stored";
            };
        };
    }

    private String host() {
        if (hosts.isEmpty()) {
            return inquiry.nova().mayHaveMore() ? Fact.UNKNOWN : "no";
        }
        Set<String> own = serverHosts(inquiry.nova());
        Set<Boolean> holders = hosts.stream()
                .filter(answer -> answer.held() == Answer.YES)
                .map(answer -> answer.host().filter(own::contains).isPresent())
                .collect(Collectors.toSet());
        if (holders.isEmpty()) {
            return hosts.stream().anyMatch(answer -> answer.held() == Answer.UNKNOWN) ? Fact.UNKNOWN : "no";
        }
        return holders.size() > 1 ? "both" : holders.contains(true) ? "server" : "elsewhere";
    }

    private static Set<String> serverHosts(NovaRecords nova) {
        return Stream.concat(
                nova.mappings().stream().map(VolumeMapping::instance).flatMap(Optional::stream),
                nova.instances().stream())
                .filter(server -> !server.deleted())
                .map(Whereabouts::host)
                .flatMap(Optional::stream)
                .collect(Collectors.toSet());
    }
}
