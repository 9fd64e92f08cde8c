package dev.reseat.monitor;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.reseat.monitor.Health.Status;
import dev.reseat.runtime.Deadline;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * Runs all checks at once, each on a thread of its own, and waits for them together. Safe for use by several threads.
 */
public final class HealthChecks {
    private static final System.Logger LOG = System.getLogger(HealthChecks.class.getName());

    private final List<HealthCheck> checks;
    private final Duration limit;
    private final Map<String, CompletableFuture<Health>> running = new ConcurrentHashMap<>();
    private final Map<String, Status> known = new ConcurrentHashMap<>();

    /** @param limit for all of them together */
    public HealthChecks(List<HealthCheck> checks, Duration limit) {
        this.checks = List.copyOf(checks);
        this.limit = limit;
        if (checks.stream().map(HealthCheck::name).distinct().count() < checks.size()) {
            throw new IllegalArgumentException("two health checks have the same name: " + checks);
        }
    }

    /** Asks every check; the whole is as the worst of them. */
    public HealthReport run() throws InterruptedException {
        Deadline deadline = Deadline.after(limit);
        Map<String, CompletableFuture<Health>> asked = new LinkedHashMap<>();
        checks.forEach(check -> asked.put(check.name(), running.computeIfAbsent(check.name(), _ -> begin(check))));
        Map<String, Health> answers = new LinkedHashMap<>();
        for (var entry : asked.entrySet()) {
            Health health = await(entry.getValue(), deadline);
            answers.put(entry.getKey(), health);
            tellChange(entry.getKey(), health);
        }
        return new HealthReport(worst(answers.values()), answers);
    }

    private static Status worst(Collection<Health> all) {
        if (all.stream().anyMatch(health -> health.status() == Status.DOWN)) {
            return Status.DOWN;
        }
        return all.stream().anyMatch(health -> health.status() == Status.DEGRADED) ? Status.DEGRADED : Status.UP;
    }

    private CompletableFuture<Health> begin(HealthCheck check) {
        CompletableFuture<Health> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("health-" + check.name()).start(() -> {
            try {
                answer.complete(check.probe().get());
            } catch (RuntimeException failure) {
                LOG.log(Level.DEBUG, () -> "health check " + check.name() + " failed", failure);
                answer.complete(Health.down(failure.getClass().getSimpleName()));
            } finally {
                answer.complete(Health.down("the check itself broke"));
                running.remove(check.name(), answer);
            }
        });
        return answer;
    }

    private Health await(CompletableFuture<Health> answer, Deadline deadline) throws InterruptedException {
        try {
            return answer.get(deadline.remaining().toNanos(), NANOSECONDS);
        } catch (TimeoutException late) {
            return Health.down("no answer within " + limit.toMillis() + " ms");
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private void tellChange(String name, Health health) {
        Status before = known.put(name, health.status());
        if (before != null && before != health.status()) {
            Level level = health.status() == Status.UP ? Level.INFO : Level.WARNING;
            LOG.log(level, "{0} is {1}: {2}", name, health.status(), health.detail());
        }
    }
}
