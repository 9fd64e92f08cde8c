package dev.reseat.compute.guest.libvirt;

import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.SharedLooks;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * Looks at domains: one {@code virsh} for each, however many ask. Different domains are looked at side by side: one
 * that hangs holds up no other.
 */
final class DomainLooks {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern PERSISTENT = Pattern.compile("(?m)^Persistent:\\s+(yes|no)\\s*$");

    /** A hypervisor has few hands itself. */
    private static final int AT_ONCE = 8;

    private final Virsh virsh;
    private final SharedLooks<DomainView> views = new SharedLooks<>(AT_ONCE, DomainView.Silent::new);
    private final SharedLooks<Listing> lists =
            new SharedLooks<>(1, why -> new Listing(List.of(), Optional.of(why)));

    @Inject
    DomainLooks(Virsh virsh) {
        this.virsh = virsh;
    }

    /** @param silence why there is none */
    private record Listing(List<String> uuids, Optional<String> silence) {}

    /** What is there now. Does not fail: what cannot be found out is {@link DomainView.Silent}. */
    DomainView look(String uuid, Deadline deadline) {
        if (!UUID_TEXT.matcher(uuid).matches()) {
            return new DomainView.Absent(uuid); // no domain has such a name, and no word of it reaches a command
        }
        return views.look("domain " + uuid, deadline, () -> freshly(uuid, deadline));
    }

    /**
     * Every domain of this host, by uuid.
     *
     * @throws HypervisorSilent if they cannot be listed
     */
    Map<String, DomainView> all(Deadline deadline) {
        Map<String, CompletableFuture<DomainView>> begun = new LinkedHashMap<>();
        for (String uuid : uuids(deadline)) {
            CompletableFuture<DomainView> view = new CompletableFuture<>();
            begun.put(uuid, view);
            Thread.startVirtualThread(() -> complete(view, uuid, deadline));
        }
        Map<String, DomainView> all = new LinkedHashMap<>();
        begun.forEach((uuid, view) -> all.put(uuid, SharedLooks.await(view, deadline)
                .orElseGet(() -> new DomainView.Silent("domain " + uuid + " was not looked at in time"))));
        return all;
    }

    private void complete(CompletableFuture<DomainView> view, String uuid, Deadline deadline) {
        try {
            view.complete(look(uuid, deadline));
        } finally {
            view.complete(new DomainView.Silent("domain " + uuid + " could not be looked at")); // if it was not
        }
    }

    /** @throws HypervisorSilent if they cannot be listed */
    private List<String> uuids(Deadline deadline) {
        Listing listing = lists.look("the list of domains", deadline, () -> list(deadline));
        if (listing.silence().isPresent()) {
            throw new HypervisorSilent(listing.silence().get());
        }
        return listing.uuids();
    }

    private Listing list(Deadline deadline) {
        try {
            return new Listing(
                    virsh.ask(deadline, "list", "--all", "--uuid")
                            .lines()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .toList(),
                    Optional.empty());
        } catch (HypervisorSilent e) {
            return new Listing(List.of(), Optional.of(e.getMessage()));
        }
    }

    private DomainView freshly(String uuid, Deadline deadline) {
        try {
            return ask(uuid, deadline);
        } catch (HypervisorSilent e) {
            return new DomainView.Silent(e.getMessage());
        }
    }

    /** Every part has to be there to count: an answer that is missing is none. */
    private DomainView ask(String uuid, Deadline deadline) {
        String between = UUID.randomUUID().toString(); // nobody can have written it into a definition
        CommandResult result = virsh.tryTo(deadline, String.join("; echo " + between + "; ",
                "dominfo " + uuid, "domstate " + uuid + " --reason", "dumpxml " + uuid,
                "dumpxml " + uuid + " --inactive"));
        String[] parts = result.output().split(between, -1);
        if (result.exitCode() != 0 || parts.length != 4) {
            return missing(uuid, result.errors(), deadline);
        }
        var persistent = PERSISTENT.matcher(parts[0]);
        if (!persistent.find()) {
            return new DomainView.Silent("whether domain " + uuid + " is persistent is not said");
        }
        DomainXml now = DomainXml.read(parts[2].strip());
        DomainXml stored = DomainXml.read(parts[3].strip());
        return new DomainView.Seen(
                uuid, now.name(),
                now.active() ? Optional.of(now.disks()) : Optional.empty(),
                persistent.group(1).equals("yes") ? Optional.of(stored.disks()) : Optional.empty(),
                parts[1].strip());
    }

    /** A domain that is not listed by a hypervisor that answers is not there. */
    private DomainView missing(String uuid, String errors, Deadline deadline) {
        boolean listed = uuids(deadline).stream().anyMatch(uuid::equalsIgnoreCase);
        return listed
                ? new DomainView.Silent("domain " + uuid + " cannot be looked at: " + errors.strip())
                : new DomainView.Absent(uuid);
    }
}
