package dev.reseat.api.finding;

import dev.reseat.api.flow.ServiceException;
import dev.reseat.api.job.JobStatus;
import dev.reseat.api.job.Jobs;
import dev.reseat.api.model.Finding;
import dev.reseat.api.model.FindingFilter;
import dev.reseat.api.model.Page;
import dev.reseat.api.model.VolumeFilter;
import dev.reseat.api.store.Database;
import dev.reseat.api.store.cinder.VolumeTable;
import dev.reseat.api.store.finding.FindingTable;
import dev.reseat.rpc.RequestContext;
import jakarta.inject.Inject;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes ordinary repair jobs of findings that a policy allows to be repaired without a person: seen often and long
 * enough, not ignored, not too many. Each of them asks all sources again before anything is done, as every job does.
 * One that was tried once is left to a person until it has gone and come back.
 */
final class PolicyRepairs {
    /** Whom such jobs are of. */
    static final String USER = "reseat-policy";
    private static final System.Logger LOG = System.getLogger(PolicyRepairs.class.getName());
    private static final int AT_ONCE = 1000;

    private final Database database;
    private final VolumeTable volumes;
    private final FindingTable findings;
    private final Jobs jobs;
    private final FindingConfig config;

    @Inject
    PolicyRepairs(
            Database database, VolumeTable volumes, FindingTable findings, Jobs jobs, FindingConfig config) {
        this.database = database;
        this.volumes = volumes;
        this.findings = findings;
        this.jobs = jobs;
        this.config = config;
    }

    /** What this sweep has seen once more. */
    void repair(long sweep) {
        config.policy()
                .ifPresent(policy -> {
                    Map<String, Integer> ofBackend = new HashMap<>();
                    policy.patterns().forEach((pattern, rule) -> repair(sweep, policy, pattern, rule, ofBackend));
                });
    }

    private void repair(
            long sweep, RepairPolicy policy, String pattern, RepairPolicy.Rule rule,
            Map<String, Integer> ofBackend) {
        List<Finding> seen = seen(sweep, pattern);
        if (seen.size() > rule.most()) {
            LOG.log(Level.WARNING, "{0} findings show pattern {1}, more than the {2} that the policy lets be repaired"
                    + " without a person: nothing is done", seen.size(), pattern, rule.most());
            return;
        }
        List<Finding> taken = new ArrayList<>();
        for (Finding one : seen) {
            if (taken.size() < rule.perSweep() && allows(rule, one) && withinShare(policy, one, ofBackend)) {
                taken.add(one);
            }
        }
        if (!taken.isEmpty()) {
            begin(policy, pattern, taken, sweep);
        }
    }

    /** What is seen for the first time too: it tells that there is something larger before it is confirmed. */
    private List<Finding> seen(long sweep, String pattern) {
        FindingFilter filter = new FindingFilter(
                Set.of(pattern), Set.of(), Set.of(), Set.of(Finding.State.NEW, Finding.State.CONFIRMED),
                Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty());
        List<Finding> all = new ArrayList<>();
        List<Finding> page = page(filter, "");
        while (!page.isEmpty()) {
            all.addAll(page);
            page = page(filter, page.getLast().id());
        }
        return all.stream().filter(one -> one.lastSweep() == sweep).toList();
    }

    private List<Finding> page(FindingFilter filter, String after) {
        return database.cinder().transaction(tx -> findings.list(tx, filter, after, AT_ONCE));
    }

    private static boolean allows(RepairPolicy.Rule rule, Finding one) {
        return one.state() == Finding.State.CONFIRMED
                && one.sight().automatic()
                && one.job().isEmpty()
                && Duration.between(one.since(), one.lastSeen()).compareTo(rule.minAge()) >= 0
                && (rule.backends().isEmpty() || one.sight().backend().filter(rule.backends()::contains).isPresent())
                && (rule.projects().isEmpty()
                        || one.sight().projectId().filter(rule.projects()::contains).isPresent());
    }

    /** One volume of a small backend is within any share. */
    private boolean withinShare(RepairPolicy policy, Finding one, Map<String, Integer> ofBackend) {
        Optional<String> backend = one.sight().backend();
        if (backend.isEmpty()) {
            return false;
        }
        int all = database.cinder()
                .transaction(tx -> volumes.count(tx, new VolumeFilter(
                        Optional.empty(), Set.of(), Optional.empty(), backend, Optional.empty(), Map.of(), Set.of(),
                        List.of(),
                        Page.ALL)));
        int taken = ofBackend.getOrDefault(backend.get(), 0);
        if (taken >= Math.max(1, Math.floor(policy.maxShare() * all))) {
            return false;
        }
        ofBackend.put(backend.get(), taken + 1);
        return true;
    }

    private void begin(RepairPolicy policy, String pattern, List<Finding> taken, long sweep) {
        RequestContext context = RequestContext.of(USER, null, true, RequestContext.newRequestId());
        Map<String, Object> order = Map.of(
                "select", Map.of(
                        "ids", taken.stream().map(one -> one.sight().key().volumeId()).toList(),
                        "pattern", List.of(pattern)),
                "repair", Map.of(),
                "limits", Map.of(
                        "stop_after_failures", policy.stopAfterFailures(),
                        "per_host", policy.perHost(),
                        "per_backend", policy.perBackend(),
                        "canary", 1),
                "reason", "policy, after sweep " + sweep,
                "apply", true);
        List<String> ids = taken.stream().map(Finding::id).toList();
        try {
            JobStatus job = jobs.create(context, order, (tx, id) -> {
                if (findings.inJob(tx, ids, id.toString()) != ids.size()) {
                    throw new ServiceException.Conflict("another sweep has made a job of some of these findings");
                }
            });
            LOG.log(Level.INFO, "job {0} repairs {1} volumes of pattern {2}", job.job().id(), taken.size(), pattern);
        } catch (ServiceException e) {
            LOG.log(Level.WARNING, "no job is made of pattern {0}: {1}", pattern, e.getMessage());
        }
    }
}
