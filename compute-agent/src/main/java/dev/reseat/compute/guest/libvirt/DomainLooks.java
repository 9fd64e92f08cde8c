package dev.reseat.compute.guest.libvirt;

import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * Looks at domains: one {@code virsh} for each, however many ask. Who asks while one is looked at shares the next look,
 * which begins after the question, so nobody is told what was true before. Different domains are looked at side by
 * side: one that hangs holds up no other.
 */
final class DomainLooks {
    private static final Pattern UUID_TEXT = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");
    private static final Pattern PERSISTENT = Pattern.compile("(?m)^Persistent:\\s+(yes|no)\\s*$");

    /** A hypervisor has few hands itself. */
    private static final int AT_ONCE = 8;

    private final Virsh virsh;
    private final Semaphore processes = new Semaphore(AT_ONCE, true);
    private final KeyedLocks turns = new KeyedLocks();
    /** Looks that have not begun. */
    private final Map<String, CompletableFuture<DomainView>> next = new ConcurrentHashMap<>();

    @Inject
    DomainLooks(Virsh virsh) {
        this.virsh = virsh;
    }

    /** What is there now. Does not fail: what cannot be found out is {@link DomainView.Silent}. */
    DomainView look(String uuid, Deadline deadline) {
        if (!UUID_TEXT.matcher(uuid).matches()) {
            return new DomainView.Absent(uuid); // no domain has such a name, and no word of it reaches a command
        }
        CompletableFuture<DomainView> own = new CompletableFuture<>();
        CompletableFuture<DomainView> shared = next.putIfAbsent(uuid, own);
        return shared == null ? lead(uuid, own, deadline) : await(uuid, shared, deadline);
    }

    private DomainView lead(String uuid, CompletableFuture<DomainView> own, Deadline deadline) {
        try (KeyedLocks.Held _ = turns.hold("domain " + uuid, "a look", deadline)) {
            DomainView view = freshly(uuid, deadline, () -> next.remove(uuid, own));
            own.complete(view);
            return view;
        } catch (KeyedLocks.TimedOut e) {
            return new DomainView.Silent(e.getMessage());
        } finally {
            next.remove(uuid, own);
            own.complete(new DomainView.Silent("the look at domain " + uuid + " was not finished")); // if it was not
        }
    }

    private static DomainView await(String uuid, CompletableFuture<DomainView> shared, Deadline deadline) {
        try {
            return shared.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DomainView.Silent("interrupted before domain " + uuid + " was looked at");
        } catch (TimeoutException e) {
            return new DomainView.Silent("domain " + uuid + " was not looked at in time");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e); // nobody completes it so
        }
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
        Map<String, DomainView> views = new LinkedHashMap<>();
        begun.forEach((uuid, view) -> views.put(uuid, await(uuid, view, deadline)));
        return views;
    }

    private void complete(CompletableFuture<DomainView> view, String uuid, Deadline deadline) {
        try {
            view.complete(look(uuid, deadline));
        } finally {
            view.complete(new DomainView.Silent("domain " + uuid + " could not be looked at")); // if it was not
        }
    }

    private List<String> uuids(Deadline deadline) {
        return virsh.ask(deadline, "list", "--all", "--uuid")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** @param begins run when it does: who asks from then on is answered by the look after this one */
    private DomainView freshly(String uuid, Deadline deadline, Runnable begins) {
        try {
            if (!processes.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                return new DomainView.Silent("domain " + uuid + " was not looked at in time: others hang");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new DomainView.Silent("interrupted before domain " + uuid + " was looked at");
        }
        try {
            begins.run();
            return ask(uuid, deadline);
        } catch (HypervisorSilent e) {
            return new DomainView.Silent(e.getMessage());
        } finally {
            processes.release();
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
