package dev.reseat.api.finding;

import dev.reseat.api.evidence.DecisionTable;
import dev.reseat.api.evidence.Fact;
import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.model.Finding;
import dev.reseat.api.model.Page;
import dev.reseat.api.model.Sort;
import dev.reseat.api.model.Volume;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.object.JsonText;
import dev.reseat.api.service.diagnosis.Diagnosis;
import dev.reseat.api.service.diagnosis.InventoryDiagnosis;
import dev.reseat.api.service.diagnosis.InventoryReading;
import dev.reseat.api.service.diagnosis.RowlessVolumes;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.StoreException;
import dev.reseat.api.store.Transaction;
import dev.reseat.api.store.cell.Answers;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.finding.FindingTable;
import dev.reseat.api.store.finding.SweepTable;
import dev.reseat.api.store.journal.ProcessLeases;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.rpc.RequestContext;
import dev.reseat.runtime.Deadline;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at all volumes: one inventory of each host and backend, rows page by page, judged by the decision table, and
 * kept as findings. Changes nothing else anywhere, unless a policy says so. One sweep runs at a time, wherever it was
 * begun.
 */
public final class Sweeper {
    private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());
    private static final int AT_ONCE = 500;
    /** Words for a host that holds a volume. */
    private static final Set<String> HOLDS = Set.of("server", "elsewhere", "both");
    private static final Duration KEPT = Duration.ofDays(90);

    private final Database database;
    private final Cells cells;
    private final VolumeTable volumes;
    private final ComputeServiceTable computes;
    private final FindingTable findings;
    private final SweepTable sweeps;
    private final ProcessLeases owners;
    private final InventoryDiagnosis diagnosis;
    private final RowlessVolumes rowless;
    private final DecisionTable table;
    private final PolicyRepairs repairs;
    private final FindingConfig config;

    @Inject
    Sweeper(
            Database database, Cells cells, VolumeTable volumes, ComputeServiceTable computes, FindingTable findings,
            SweepTable sweeps, ProcessLeases owners, InventoryDiagnosis diagnosis, RowlessVolumes rowless,
            DecisionTable table, PolicyRepairs repairs, FindingConfig config) {
        this.database = database;
        this.cells = cells;
        this.volumes = volumes;
        this.computes = computes;
        this.findings = findings;
        this.sweeps = sweeps;
        this.owners = owners;
        this.diagnosis = diagnosis;
        this.rowless = rowless;
        this.table = table;
        this.repairs = repairs;
        this.config = config;
    }

    /** Returns when it is over, whatever came of it; at once while another process is at one. */
    public void sweep() {
        try {
            OptionalLong sweep =
                    database.cinder().transaction(tx -> sweeps.begin(tx, owners.own(), config.node()));
            if (sweep.isEmpty()) {
                LOG.log(Level.INFO, "no sweep: another api-node is at one");
                return;
            }
            sweep(sweep.getAsLong());
        } catch (StoreException e) {
            LOG.log(Level.WARNING, "no sweep: {0}", e.getMessage());
        }
    }

    private void sweep(long sweep) {
        LOG.log(Level.INFO, "sweep {0} begins", sweep);
        try {
            look(sweep);
            if (!database.cinder().transaction(tx -> sweeps.end(tx, sweep, "done", Optional.empty()))) {
                throw new SweepLost(sweep);
            }
            LOG.log(Level.INFO, "sweep {0} is done", sweep);
            repairs.repair(sweep);
        } catch (SweepLost e) {
            LOG.log(Level.WARNING, e.getMessage());
        } catch (StoreException | ServiceException e) {
            LOG.log(Level.WARNING, "sweep {0} failed: {1}", sweep, e.getMessage());
            fail(sweep, e);
        } catch (RuntimeException e) { // a row that cannot be read, or a defect: the next one tries again
            LOG.log(Level.ERROR, "sweep " + sweep + " broke", e);
            fail(sweep, e);
        }
    }

    private void fail(long sweep, RuntimeException why) {
        database.cinder()
                .transaction(tx -> sweeps.end(tx, sweep, "failed", Optional.of(String.valueOf(why.getMessage()))));
    }

    private void look(long sweep) {
        InventoryReading reading = diagnosis.begin(RequestContext.admin());
        Deadline whole = Deadline.never(); // each answer has its own
        Answers<Set<String>> hosts = cells.everywhere(computes::hosts);
        hosts.silent().forEach(silent -> reading.missCell(silent.cell().name(), silent.text()));
        hosts.given().forEach(names -> reading.askHosts(names, whole));
        reading.askBackends(database.cinder().transaction(volumes::services), whole);
        Optional<String> last = Optional.empty();
        do {
            List<Volume> page = page(last);
            judge(sweep, page, diagnosis.look(reading, page, whole), reading);
            last = page.size() < AT_ONCE ? Optional.empty() : Optional.of(page.getLast().id());
        } while (last.isPresent());
        judgeRowless(sweep, rowless.find(reading));
        judgeLeft(sweep, reading);
        database.cinder().run(tx -> {
            sweeps.asked(
                    tx, sweep, reading.hostsAsked(), reading.backendsAsked(), reading.silentHosts(),
                    reading.silentBackends(), reading.silentCells());
            sweeps.forget(tx, sweeps.now(tx).minus(KEPT));
            findings.forget(tx, sweeps.now(tx).minus(KEPT));
        });
    }

    private List<Volume> page(Optional<String> last) {
        return database.cinder()
                .transaction(tx -> volumes.list(tx, new VolumeFilter(
                        Optional.empty(), Set.of(), Optional.empty(), Optional.empty(), Optional.empty(), Map.of(),
                        Set.of(), List.of(Sort.ascending(VolumeFilter.Key.ID)),
                        new Page(last, OptionalInt.of(AT_ONCE), 0))));
    }

    private void judge(long sweep, List<Volume> page, List<Diagnosis.Found> found, InventoryReading reading) {
        Map<String, Sighting> seen = new HashMap<>();
        for (int i = 0; i < page.size(); i++) {
            seen.put(
                    page.get(i).id(),
                    Sighting.of(page.get(i), found.get(i), table.judge(found.get(i).facts())));
        }
        int unknown = (int) seen.values().stream().filter(Sighting::isUnknown).count();
        write(sweep, page.size(), unknown, tx -> FindingChanges.of(
                sweep, sweeps.now(tx),
                seen.values().stream().map(Sighting::sight).flatMap(Optional::stream).toList(),
                findings.ofVolumes(tx, seen.keySet()),
                finding -> seen.get(finding.sight().key().volumeId()).leavesOpen(finding)
                        || isHeldBySilent(finding, reading)));
    }

    /** A host that no row names is not asked about a volume; while it says nothing it may still hold it. */
    private static boolean isHeldBySilent(Finding finding, InventoryReading reading) {
        return HOLDS.contains(String.valueOf(JsonText.map(finding.sight().facts()).get(Fact.HOST.text())))
                && finding.sight().host().filter(host -> !reading.hasAnswered(host)).isPresent();
    }

    private void judgeRowless(long sweep, List<RowlessVolumes.Rowless> all) {
        for (int from = 0; from < all.size(); from += AT_ONCE) {
            List<Finding.Sight> sights = all.subList(from, Math.min(all.size(), from + AT_ONCE))
                    .stream()
                    .flatMap(one -> Sighting.of(one, table.judge(one.found().facts())))
                    .toList();
            Set<String> ids = sights.stream().map(sight -> sight.key().volumeId()).collect(Collectors.toSet());
            write(sweep, 0, 0, tx -> FindingChanges.of(
                    sweep, sweeps.now(tx), sights, findings.ofVolumes(tx, ids), _ -> true));
        }
    }

    /**
     * What was not seen, of volumes that were not looked at: they have no row. It is gone, unless it is of a place that
     * has not answered.
     */
    private void judgeLeft(long sweep, InventoryReading reading) {
        String last = "";
        List<Finding> left = left(sweep, last);
        while (!left.isEmpty()) {
            List<Finding> some = left;
            last = some.getLast().id();
            List<String> ids = some.stream().map(one -> one.sight().key().volumeId()).toList();
            Set<String> known = database.cinder().transaction(tx -> volumes.known(tx, ids));
            write(sweep, 0, 0, tx -> FindingChanges.of(
                    sweep, sweeps.now(tx), List.of(), some,
                    one -> known.contains(one.sight().key().volumeId()) || isOfSilent(one, reading)));
            left = left(sweep, last);
        }
    }

    private static boolean isOfSilent(Finding finding, InventoryReading reading) {
        String place = finding.sight().key().place();
        return reading.lacksCells() || (!place.isEmpty() && !reading.hasAnswered(place));
    }

    private List<Finding> left(long sweep, String after) {
        return database.cinder().transaction(tx -> findings.unseen(tx, sweep, after, AT_ONCE));
    }

    private interface Judging {
        FindingChanges changes(Transaction tx);
    }

    /** Together with the look that it follows from, or not at all. */
    private void write(long sweep, int looked, int unknown, Judging judging) {
        database.cinder().run(tx -> {
            if (!sweeps.advance(tx, sweep, looked, unknown)) {
                throw new SweepLost(sweep);
            }
            FindingChanges changes = judging.changes(tx);
            findings.insert(tx, changes.added());
            findings.update(tx, changes.changed());
        });
    }
}
