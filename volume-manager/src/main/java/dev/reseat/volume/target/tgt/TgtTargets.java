package dev.reseat.volume.target.tgt;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.process.Command;
import dev.reseat.process.CommandResult;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTargets;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Targets of tgtd. Initiators are let in by name. A target that Cinder's own helper made is open to whoever has its
 * password; it stays so until somebody is to be kept out, and from then on the others are let in by name.
 */
final class TgtTargets implements IscsiTargets {
    static final String NAME = "tgtadm";
    private static final int LUN = 1; // 0 is tgtd's own controller
    private static final int REFUSED = 22;
    private static final int TRIES = 20;
    private static final String NO_CACHE =
            "mode_page=8:0:18:0x10:0:0xff:0xff:0:0:0xff:0xff:0xff:0xff:0x80:0x14:0:0:0:0:0:0";

    private final TargetConfig config;
    private final BackendPrograms programs;
    private final TgtFiles files;
    private final Lock making = new ReentrantLock(); // a number is free until it is taken

    TgtTargets(TargetConfig config, BackendPrograms programs) {
        this.config = config;
        this.programs = programs;
        this.files = new TgtFiles(config);
    }

    @Override
    public int lun() {
        return LUN;
    }

    @Override
    public void probe(Deadline deadline) {
        try {
            tgtadm(deadline, "show", "sys");
        } catch (DriverException.BackendFailed | DriverException.OutOfTime e) {
            throw new DriverException.NotReady("tgtd does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public SortedMap<String, IscsiTarget> all(Deadline deadline) {
        SortedMap<String, IscsiTarget> targets = new TreeMap<>();
        report(deadline).forEach((iqn, target) -> targets.put(iqn, target.seen()));
        return targets;
    }

    @Override
    public Optional<Chap> password(String iqn) {
        return files.chap(iqn);
    }

    @Override
    public IscsiTarget export(String iqn, Path device, Chap chap, Deadline deadline) {
        Optional<TgtReport.Target> before = look(iqn, deadline);
        if (before.isEmpty() || files.chap(iqn).filter(chap::equals).isEmpty()) {
            files.write(iqn, device, chap, before.map(TgtReport.Target::initiators).orElse(List.of()), deadline);
        }
        TgtReport.Target target = before.isPresent() ? before.get() : make(iqn, deadline);
        String behind = target.devices().get(LUN);
        if (behind == null) {
            addUnit(target.tid(), device, deadline);
        } else if (!behind.equals(device.toString())) {
            throw new DriverException.BackendFailed(iqn + " leads to " + behind + ", not to " + device);
        }
        if (!target.accounts().contains(chap.user())) {
            addAccount(target.tid(), chap, deadline);
        }
        return required(iqn, deadline).seen();
    }

    @Override
    public void admit(String iqn, String initiator, Chap chap, Deadline deadline) {
        TgtReport.Target target = required(iqn, deadline);
        if (target.open() || target.initiators().contains(initiator)) {
            return;
        }
        List<String> all = new ArrayList<>(target.initiators());
        all.add(initiator);
        bind(target, List.of(initiator), deadline);
        files.admitOnly(iqn, all, deadline);
        if (!required(iqn, deadline).initiators().contains(initiator)) {
            throw new DriverException.BackendFailed(iqn + " does not let " + initiator + " in");
        }
    }

    @Override
    public void admitOnly(String iqn, Set<String> initiators, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "keep initiators out of " + iqn);
        Optional<TgtReport.Target> before = look(iqn, deadline);
        if (before.isEmpty()) {
            return;
        }
        TgtReport.Target target = before.get();
        Set<String> in = InitiatorNames.of(initiators);
        files.admitOnly(iqn, Stream.concat(initiators.stream(), target.initiators().stream().filter(in::contains))
                .distinct()
                .toList(), deadline);
        if (target.open()) {
            bind(target, initiators.stream().filter(name -> !target.initiators().contains(name)).toList(), deadline);
        }
        for (String address : target.addresses()) {
            tgtadm(deadline, "unbind", "target", "--tid", tid(target), "--initiator-address", address);
        }
        for (String name : target.initiators()) {
            if (!in.contains(name)) {
                tgtadm(deadline, "unbind", "target", "--tid", tid(target), "--initiator-name", name);
            }
        }
        close(iqn, name -> !in.contains(name), deadline);
        look(iqn, deadline).ifPresent(one -> requireClosed(one, in));
    }

    @Override
    public void keepOut(String iqn, String initiator, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "keep " + initiator + " out of " + iqn);
        Optional<TgtReport.Target> before = look(iqn, deadline);
        if (before.isEmpty()) {
            return;
        }
        TgtReport.Target target = before.get();
        Predicate<String> isOut = name -> InitiatorNames.same(name, initiator);
        files.admitOnly(iqn, target.initiators().stream().filter(isOut.negate()).toList(), deadline);
        for (String name : target.initiators().stream().filter(isOut).toList()) { // it has one for each way to write it
            tgtadm(deadline, "unbind", "target", "--tid", tid(target), "--initiator-name", name);
        }
        close(iqn, isOut, deadline);
        look(iqn, deadline).filter(one -> one.open() || one.initiators().stream().anyMatch(isOut)).ifPresent(after -> {
            throw new DriverException.BackendFailed(iqn + " still lets " + initiator + " in: " + after.access());
        });
    }

    @Override
    public void remove(String iqn, Deadline deadline) {
        admitOnly(iqn, Set.of(), deadline);
        Optional<TgtReport.Target> target = look(iqn, deadline);
        if (target.isPresent()) {
            tgtadm(deadline, "delete", "target", "--tid", tid(target.get()));
            if (look(iqn, deadline).isPresent()) {
                throw new DriverException.BackendFailed("tgtd still has " + iqn);
            }
        }
        Optional<String> user = password(iqn).map(Chap::user);
        if (user.isPresent() && accounts(deadline).contains(user.get())) {
            tgtadm(deadline, "delete", "account", "--user", user.get());
        }
        files.remove(iqn, deadline);
    }

    private TgtReport.Target make(String iqn, Deadline deadline) {
        try {
            if (!making.tryLock(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new DriverException.OutOfTime("no time was left to make " + iqn, null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DriverException.OutOfTime("interrupted before " + iqn + " was made", e);
        }
        try {
            for (int i = 0; i < TRIES; i++) { // another process may take the number first
                int tid = report(deadline).values().stream().mapToInt(TgtReport.Target::tid).max().orElse(0) + 1;
                run(deadline, command -> command.alsoAnswering(REFUSED), "new", "target", "--tid",
                        String.valueOf(tid), "--targetname", iqn);
                Optional<TgtReport.Target> made = look(iqn, deadline);
                if (made.isPresent()) {
                    return made.get();
                }
            }
            throw new DriverException.BackendFailed("tgtd does not make " + iqn);
        } finally {
            making.unlock();
        }
    }

    private void addUnit(int tid, Path device, Deadline deadline) {
        List<String> words = new ArrayList<>(List.of("--tid", String.valueOf(tid), "--lun", String.valueOf(LUN)));
        List<String> backing = new ArrayList<>(words);
        backing.addAll(List.of("--backing-store", device.toString()));
        config.flags().ifPresent(flags -> backing.addAll(List.of("--bsoflags", flags)));
        tgtadm(deadline, "new", "logicalunit", backing.toArray(String[]::new));
        for (String parameter : config.writeCache()
                ? List.of("thin_provisioning=1")
                : List.of(NO_CACHE, "thin_provisioning=1")) {
            List<String> update = new ArrayList<>(words);
            update.addAll(List.of("--params", parameter));
            tgtadm(deadline, "update", "logicalunit", update.toArray(String[]::new));
        }
    }

    /** tgtadm takes a password as a word only, as all who use it have to give it. */
    private void addAccount(int tid, Chap chap, Deadline deadline) {
        String password = chap.password().reveal();
        if (!accounts(deadline).contains(chap.user())) {
            run(deadline, command -> command.hiding(password), "new", "account", "--user", chap.user(),
                    "--password", password);
        }
        tgtadm(deadline, "bind", "account", "--tid", String.valueOf(tid), "--user", chap.user());
    }

    private List<String> accounts(Deadline deadline) {
        return tgtadm(deadline, "show", "account").lines();
    }

    private void bind(TgtReport.Target target, Collection<String> initiators, Deadline deadline) {
        for (String initiator : initiators) {
            tgtadm(deadline, "bind", "target", "--tid", tid(target), "--initiator-name", initiator);
        }
    }

    /** Once they cannot come back. One that was just coming in is found by the next look. */
    private void close(String iqn, Predicate<String> isOut, Deadline deadline) {
        while (true) {
            Optional<TgtReport.Target> target = look(iqn, deadline);
            List<TgtReport.Nexus> others = target.stream()
                    .flatMap(one -> one.nexuses().stream())
                    .filter(nexus -> isOut.test(nexus.initiator()))
                    .toList();
            if (others.isEmpty()) {
                return;
            }
            for (TgtReport.Nexus other : others) { // one that is gone meanwhile is closed
                run(deadline, command -> command.alsoAnswering(REFUSED), "delete", "conn", "--tid",
                        tid(target.orElseThrow()), "--sid", other.session(), "--cid", other.connection().orElse("0"));
            }
            BackendPrograms.pause(deadline, "the sessions of " + iqn + " are closed");
        }
    }

    private static void requireClosed(TgtReport.Target target, Set<String> initiators) {
        if (target.open() || !initiators.containsAll(target.initiators())) {
            throw new DriverException.BackendFailed(target.iqn() + " still lets others in: " + target.access());
        }
    }

    private Optional<TgtReport.Target> look(String iqn, Deadline deadline) {
        return Optional.ofNullable(report(deadline).get(iqn));
    }

    private TgtReport.Target required(String iqn, Deadline deadline) {
        return look(iqn, deadline).orElseThrow(() -> new DriverException.BackendFailed("there is no target " + iqn));
    }

    private SortedMap<String, TgtReport.Target> report(Deadline deadline) {
        return TgtReport.read(tgtadm(deadline, "show", "target").output());
    }

    private static String tid(TgtReport.Target target) {
        return String.valueOf(target.tid());
    }

    private CommandResult tgtadm(Deadline deadline, String operation, String mode, String... more) {
        return run(deadline, command -> command, operation, mode, more);
    }

    private CommandResult run(
            Deadline deadline, UnaryOperator<Command> shape, String operation, String mode, String... more) {
        List<String> words = new ArrayList<>(List.of("tgtadm", "--lld", "iscsi", "--op", operation, "--mode", mode));
        words.addAll(List.of(more));
        return programs.run(deadline, words, shape);
    }
}
