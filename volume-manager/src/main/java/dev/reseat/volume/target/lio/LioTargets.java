package dev.reseat.volume.target.lio;

import dev.reseat.contract.connection.ConnectionInfo.Chap;
import dev.reseat.contract.connection.InitiatorNames;
import dev.reseat.contract.connection.Portal;
import dev.reseat.host.ExternalLocks;
import dev.reseat.process.Command;
import dev.reseat.runtime.Deadline;
import dev.reseat.volume.driver.BackendPrograms;
import dev.reseat.volume.driver.DriverException;
import dev.reseat.volume.target.IscsiTarget;
import dev.reseat.volume.target.IscsiTarget.Session;
import dev.reseat.volume.target.IscsiTargets;
import dev.reseat.volume.target.TargetConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Targets of the kernel. The kernel ends the sessions of an initiator with its right to come in, so the one order that
 * is safe is the only one there is.
 */
final class LioTargets implements IscsiTargets {
    static final String NAME = "lioadm";
    private static final System.Logger LOG = System.getLogger(LioTargets.class.getName());
    private static final int LUN = 0;
    /** The lock of Cinder's own helper: rtslib does not bear two at once. */
    private static final String LOCK = "cinder-lioadm";

    private final TargetConfig config;
    private final BackendPrograms programs;
    private final LioTree tree;
    private final ExternalLocks locks;

    LioTargets(TargetConfig config, BackendPrograms programs, LioTree tree, ExternalLocks locks) {
        this.config = config;
        this.programs = programs;
        this.tree = tree;
        this.locks = locks;
    }

    @Override
    public int lun() {
        return LUN;
    }

    @Override
    public void probe(Deadline deadline) {
        tree.requireThere();
        try {
            programs.run(deadline, "cinder-rtstool", "verify"); // looks at its own library only
        } catch (DriverException.BackendFailed | DriverException.OutOfTime e) {
            throw new DriverException.NotReady(e.getMessage(), e);
        }
    }

    @Override
    public SortedMap<String, IscsiTarget> all(Deadline deadline) {
        SortedMap<String, IscsiTarget> all = new TreeMap<>();
        for (String iqn : tree.names()) {
            DriverException.OutOfTime.check(deadline, "look at every target");
            tree.find(iqn).ifPresent(target -> all.put(iqn, target));
        }
        return all;
    }

    @Override
    public Optional<IscsiTarget> find(String iqn, Deadline deadline) {
        DriverException.OutOfTime.check(deadline, "look at " + iqn);
        return tree.find(iqn);
    }

    @Override
    public Optional<Chap> password(String iqn) {
        return tree.chap(iqn);
    }

    @Override
    public IscsiTarget export(String iqn, Path device, Chap chap, Deadline deadline) {
        if (!tree.isWhole(iqn)) {
            removeRest(iqn, deadline);
            rtstool(deadline, command -> command.hiding(chap.password().reveal()), List.of(
                    "create", device.toString(), iqn, chap.user(), chap.password().reveal(), "False",
                    "-p" + config.portals().getFirst().port(),
                    "-a" + config.portals().stream().map(Portal::host).collect(Collectors.joining(","))));
            save(deadline);
        }
        IscsiTarget made = tree.find(iqn)
                .filter(_ -> tree.isWhole(iqn))
                .orElseThrow(() -> new DriverException.BackendFailed("target " + iqn + " was made and is not there"));
        requireDevice(iqn, device);
        return made;
    }

    /** A target that bears the name and leads elsewhere would show somebody another's data. */
    private void requireDevice(String iqn, Path device) {
        Optional<Path> behind = tree.device(iqn);
        if (!behind.equals(Optional.of(device))) {
            throw new DriverException.BackendFailed(
                    iqn + " leads to " + behind.map(Path::toString).orElse("no device that is known") + ", not to "
                            + device);
        }
    }

    /** What was killed half way is begun anew: the program takes a storage object that is there for the whole. */
    private void removeRest(String iqn, Deadline deadline) {
        tree.find(iqn).filter(target -> !target.sessions().isEmpty()).ifPresent(_ -> {
            throw new DriverException.BackendFailed(iqn + " is incomplete and has a session");
        });
        rtstool(deadline, command -> command, List.of("delete", iqn));
    }

    @Override
    public void admit(String iqn, String initiator, Chap chap, Deadline deadline) {
        IscsiTarget target = find(iqn, deadline)
                .orElseThrow(() -> new DriverException.BackendFailed("there is no target " + iqn));
        if (target.open() || tree.admits(iqn, initiator, chap)) {
            return;
        }
        if (target.admitted().contains(initiator)) { // half way, or with another password
            if (target.sessions().stream().anyMatch(one -> InitiatorNames.same(one.initiator(), initiator))) {
                throw new DriverException.BackendFailed(
                        initiator + " has a session of " + iqn + " by another password");
            }
            delete(target, name -> InitiatorNames.same(name, initiator), deadline);
        }
        rtstool(deadline, command -> command.hiding(chap.password().reveal()),
                List.of("add-initiator", iqn, chap.user(), chap.password().reveal(), initiator));
        save(deadline);
        if (!tree.admits(iqn, initiator, chap)) {
            throw new DriverException.BackendFailed(iqn + " does not let " + initiator + " in");
        }
    }

    @Override
    public void admitOnly(String iqn, Set<String> initiators, Deadline deadline) {
        Optional<IscsiTarget> before = find(iqn, deadline);
        if (before.isEmpty()) {
            return;
        }
        if (before.get().open()) {
            throw new DriverException.BackendFailed(
                    iqn + " lets in initiators that it has no names of (generate_node_acls): keep them out there");
        }
        Set<String> in = InitiatorNames.of(initiators);
        if (delete(before.get(), Predicate.not(in::contains), deadline)) {
            save(deadline);
        }
        while (isThereStill(iqn, in)) {
            BackendPrograms.pause(deadline, "the sessions of " + iqn + " are closed");
        }
    }

    @Override
    public void keepOut(String iqn, String initiator, Deadline deadline) {
        Optional<IscsiTarget> before = find(iqn, deadline);
        if (before.filter(IscsiTarget::open).isPresent()) {
            throw new DriverException.BackendFailed(
                    iqn + " lets in initiators that it has no names of (generate_node_acls): keep them out there");
        }
        if (before.isPresent() && delete(before.get(), name -> InitiatorNames.same(name, initiator), deadline)) {
            save(deadline);
        }
        while (tree.find(iqn).filter(target -> target.knows(initiator)).isPresent()) {
            BackendPrograms.pause(deadline, "the session of " + initiator + " with " + iqn + " is closed");
        }
    }

    /**
     * By the names that the kernel has: cinder-rtstool compares letters.
     *
     * @return whether there was one
     */
    private boolean delete(IscsiTarget target, Predicate<String> isOut, Deadline deadline) {
        List<String> out = target.admitted().stream().filter(isOut).toList();
        out.forEach(name -> rtstool(
                deadline, command -> command, List.of("delete-initiator", target.iqn(), name)));
        return !out.isEmpty();
    }

    private boolean isThereStill(String iqn, Set<String> initiators) {
        return tree.find(iqn)
                .filter(target -> !initiators.containsAll(target.admitted())
                        || !target.sessions().stream().map(Session::initiator).allMatch(initiators::contains))
                .isPresent();
    }

    @Override
    public void remove(String iqn, Deadline deadline) {
        if (find(iqn, deadline).isEmpty() && !tree.holdsDevice(iqn)) {
            return;
        }
        admitOnly(iqn, Set.of(), deadline);
        rtstool(deadline, command -> command, List.of("delete", iqn));
        save(deadline);
        if (tree.find(iqn).isPresent() || tree.holdsDevice(iqn)) {
            throw new DriverException.BackendFailed("target " + iqn + " was removed and is still there");
        }
    }

    /** For the next start of the machine; the targets are as they should be without it. */
    private void save(Deadline deadline) {
        try {
            rtstool(deadline, command -> command, List.of("save"));
        } catch (DriverException.BackendFailed e) {
            LOG.log(System.Logger.Level.WARNING, "targets are not kept for the next start: {0}", e.getMessage());
        }
    }

    private void rtstool(Deadline deadline, UnaryOperator<Command> shape, List<String> words) {
        DriverException.OutOfTime.check(deadline, "run cinder-rtstool");
        List<String> all = new ArrayList<>(List.of("cinder-rtstool"));
        all.addAll(words);
        try (var _ = locks.hold(LOCK, deadline)) {
            programs.run(deadline, all, shape);
        } catch (ExternalLocks.NotHeld e) {
            throw new DriverException.BackendFailed(e.getMessage(), e);
        }
    }
}
