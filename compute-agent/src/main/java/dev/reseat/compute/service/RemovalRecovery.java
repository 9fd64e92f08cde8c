package dev.reseat.compute.service;

import dev.reseat.blockstorage.BlockStorageException;
import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.guest.GuestRefused;
import dev.reseat.compute.journal.JournalException;
import dev.reseat.compute.journal.Removal;
import dev.reseat.compute.journal.RemovalJournal;
import dev.reseat.contract.compute.BlockDeviceMappingObject;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.runtime.Service;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a killed agent left half done on this host. Every such removal was asked for by RPC, so its part on the host is
 * finished, if Nova still has the volume mapped to the instance by the attachment of that time; otherwise somebody has
 * moved on, and it is only reported. Attachments are never deleted here: whoever asked has to ask again.
 */
public final class RemovalRecovery implements Service {
    private static final System.Logger LOG = System.getLogger(RemovalRecovery.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);
    /** Nobody waits for it: flushes and scans that os-brick gives five minutes each. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final RemovalJournal journal;
    private final ConductorClient conductor;
    private final HostDetacher hostDetacher;
    private final VolumeDetacher volumeDetacher;
    private final KeyedLocks locks;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Trouble trouble = Trouble.NONE; // written by the worker alone
    private Optional<Thread> worker = Optional.empty(); // start, drain and stop come from one thread

    @Inject
    RemovalRecovery(
            RemovalJournal journal,
            ConductorClient conductor,
            HostDetacher hostDetacher,
            VolumeDetacher volumeDetacher,
            KeyedLocks locks) {
        this.journal = journal;
        this.conductor = conductor;
        this.hostDetacher = hostDetacher;
        this.volumeDetacher = volumeDetacher;
        this.locks = locks;
    }

    /**
     * Why the conductor could not be asked.
     *
     * @param rounds how many rounds have ended so, one after the other
     * @param kind of the last failure
     */
    private record Trouble(int rounds, String kind) {
        static final Trouble NONE = new Trouble(0, "");
    }

    private enum Outcome {
        SETTLED,
        ASK_AGAIN
    }

    /** Says what is unfinished, and begins to finish it; the conductor may not be there yet. */
    @Override
    public void start() {
        List<Removal> left = journal.unfinished();
        left.forEach(removal -> LOG.log(System.Logger.Level.WARNING, "left unfinished: {0}", removal));
        List<Removal> onHost = left.stream().filter(Removal::touchesHost).toList();
        if (!onHost.isEmpty()) {
            worker = Optional.of(Thread.ofVirtual().name("removal-recovery").start(() -> recover(onHost)));
        }
    }

    /** Every removal found at the start is tried once; what the conductor has not answered by then stays unfinished. */
    @Override
    public Drained drain(Duration grace) {
        stopped.countDown();
        try {
            return worker.isEmpty() || worker.get().join(grace) ? Drained.CLEAN : Drained.FORCED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Drained.FORCED;
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    /** What is unfinished now: waiting to be finished, for somebody to look at, or for its caller to ask again. */
    public List<Removal> unfinished() {
        return journal.unfinished();
    }

    /** How many are unfinished. */
    public int count() {
        return unfinished().size();
    }

    /** How often in a row the conductor could not be asked about what is unfinished; 0 if all is well. */
    public int failedRounds() {
        return trouble.rounds();
    }

    /** Why the conductor cannot be asked, if it cannot. */
    public Optional<String> problem() {
        Trouble now = trouble;
        return now.rounds() == 0 ? Optional.empty() : Optional.of(now.kind());
    }

    private void recover(List<Removal> removals) {
        List<Removal> left = removals;
        try {
            do {
                left = left.stream().filter(removal -> recover(removal) == Outcome.ASK_AGAIN).toList();
                trouble = left.isEmpty() ? Trouble.NONE : new Trouble(trouble.rounds() + 1, trouble.kind());
            } while (!left.isEmpty() && !stopped.await(pauseAfter(trouble.rounds()).toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Twice as long after each round, up to a limit: a conductor that refuses us will not be talked round. */
    static Duration pauseAfter(int rounds) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(rounds - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private Outcome recover(Removal seen) {
        try (KeyedLocks.Held lock = locks.hold(
                "volume " + seen.volumeId(), "the recovery of a removal", Deadline.after(LIMIT))) {
            Optional<Removal> now = journal.find(seen.volumeId(), seen.instanceUuid()).filter(seen::equals);
            now.ifPresent(removal -> finish(removal, lock));
            return Outcome.SETTLED;
        } catch (KeyedLocks.TimedOut e) {
            note(seen, "the volume is not free", e);
            return Outcome.ASK_AGAIN;
        } catch (RpcException e) {
            note(seen, e);
            return Outcome.ASK_AGAIN;
        } catch (GuestRefused | ConnectorException | BlockStorageException | JournalException e) {
            LOG.log(System.Logger.Level.ERROR, seen + " cannot be finished", e);
            return Outcome.SETTLED;
        }
    }

    /** A warning when there is something new to say; the rounds that end as the one before are counted. */
    private void note(Removal seen, RpcException failure) {
        String kind = failure instanceof RpcException.RemoteFailure answered
                ? "the conductor answers with " + answered.type()
                : "the conductor does not answer";
        note(seen, kind, failure);
    }

    private void note(Removal seen, String kind, RuntimeException failure) {
        var level = kind.equals(trouble.kind()) ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING;
        LOG.log(level, "{0} cannot be finished yet, {1}: {2}", seen, kind, failure.getMessage());
        trouble = new Trouble(trouble.rounds(), kind);
    }

    private void finish(Removal removal, KeyedLocks.Held lock) {
        var context =
                RequestContext.admin().with("request_id", removal.requestId().orElseGet(RequestContext::newRequestId));
        Deadline deadline = lock.deadline();
        Optional<BlockDeviceMappingObject> mapping =
                conductor.mapping(context, removal.volumeId(), removal.instanceUuid(), deadline)
                        .filter(found -> found.attachmentId().equals(removal.attachmentId()));
        Optional<InstanceObject> instance = conductor.instance(context, removal.instanceUuid(), deadline);
        if (mapping.isEmpty() || instance.isEmpty()) {
            LOG.log(System.Logger.Level.ERROR,
                    "{0} is left as it is: Nova maps the volume otherwise by now; inspect it", removal);
            return;
        }
        hostDetacher.detach(removal, volumeDetacher.guest(instance.get()), VolumeDetacher.connection(mapping.get()),
                lock);
        boolean asked = removal.attachmentId().isEmpty() || removal.deletesAttachment();
        if (!asked) {
            journal.close(removal.volumeId(), removal.instanceUuid());
        }
        LOG.log(System.Logger.Level.WARNING, "finished on this host: {0}{1}", removal,
                asked ? "; block storage was not told, its caller has to ask again" : "");
    }
}
