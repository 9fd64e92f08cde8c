package dev.reseat.api.store.job;

import dev.reseat.api.model.JobLimits;
import dev.reseat.api.store.Row;
import dev.reseat.api.store.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.EmptyHandling;
import tools.jackson.databind.json.JsonMapper;

/**
 * Which waiting items may begin: what is in flight is counted over all jobs and api-nodes, and each job says how much
 * of it there may be on a host or backend. Stateless.
 */
final class JobCandidates {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String IN_FLIGHT = "state IN ('running', 'unknown')";

    /** @param more whether others that wait were not looked at */
    record Choice(List<Long> ids, boolean more) {}

    /**
     * Ids of the items that begin now, the jobs taking turns.
     *
     * @param known jobs that the caller has read; no others
     */
    Choice choose(Transaction tx, Set<UUID> known, int limit) {
        InFlight inFlight = InFlight.read(tx);
        List<Candidate> all = new ArrayList<>();
        boolean cut = false;
        for (ReadyJob job : ready(tx, known)) {
            List<Candidate> waiting = waiting(tx, job, inFlight, limit);
            all.addAll(waiting);
            cut |= waiting.size() == limit;
        }
        all.sort(Comparator.comparingInt(Candidate::turn)
                .thenComparing(one -> one.job().createdAt())
                .thenComparingLong(one -> one.item().id()));
        List<Long> chosen = new ArrayList<>();
        Set<String> repaired = new HashSet<>();
        for (Candidate one : all) {
            List<String> things = one.item().things();
            if (chosen.size() < limit && Collections.disjoint(repaired, things) && inFlight.allows(one)) {
                chosen.add(one.item().id());
                repaired.addAll(things);
                inFlight.add(one);
            }
        }
        return new Choice(chosen, cut && !chosen.isEmpty());
    }

    private static List<ReadyJob> ready(Transaction tx, Set<UUID> known) {
        return tx.handle()
                .createQuery("SELECT id, created_at, limits, released FROM reseat.job"
                        + " WHERE state = 'running' AND (not_before IS NULL OR not_before <= <utc>)"
                        + " ORDER BY created_at, id")
                .map((result, context) -> ReadyJob.of(new Row(result)))
                .filter(job -> known.contains(job.id()))
                .list();
    }

    private static List<Candidate> waiting(Transaction tx, ReadyJob job, InFlight inFlight, int limit) {
        List<Item> items = tx.handle()
                .createQuery("""
                        SELECT i.id, i.volume_id, i.host, i.backend, i.instance_id FROM reseat.job_item i
                        WHERE i.job = :job AND i.state = 'waiting' AND i.position < :released
                          AND (i.due_at IS NULL OR i.due_at <= <utc>)
                          AND (NOT COALESCE(i.host IN (<fullHosts>), false)
                                OR COALESCE(i.instance_id IN (<stopped>), false))
                          AND NOT COALESCE(i.backend IN (<fullBackends>), false)
                          AND NOT EXISTS (SELECT 1 FROM reseat.job_item r
                                WHERE r.volume_id = i.volume_id AND r.%1$s)
                          AND NOT EXISTS (SELECT 1 FROM reseat.job_item r
                                WHERE r.instance_id = i.instance_id AND r.%1$s)
                        ORDER BY i.position LIMIT :limit
                        """.formatted(IN_FLIGHT))
                .bind("job", job.id())
                .bind("released", job.released())
                .bindList(EmptyHandling.NULL_KEYWORD, "fullHosts", inFlight.fullHosts(job))
                .bindList(EmptyHandling.NULL_KEYWORD, "stopped", inFlight.stoppedFor(job))
                .bindList(EmptyHandling.NULL_KEYWORD, "fullBackends", inFlight.fullBackends(job))
                .bind("limit", limit)
                .map((result, context) -> Item.of(new Row(result)))
                .list();
        int turn = inFlight.ofJob(job);
        List<Candidate> found = new ArrayList<>();
        for (Item item : items) {
            turn++;
            found.add(new Candidate(item, job, turn));
        }
        return found;
    }

    private record ReadyJob(UUID id, Instant createdAt, int released, int perHost, int perBackend) {
        static ReadyJob of(Row row) throws SQLException {
            JobLimits limits = JSON.readValue(row.text("limits"), JobLimits.class);
            return new ReadyJob(
                    row.uuid("id"), row.time("created_at"), row.integer("released"), most(limits.perHost()),
                    most(limits.perBackend()));
        }

        private static int most(int limit) {
            return limit == 0 ? Integer.MAX_VALUE : limit;
        }
    }

    /** @param turn how many of its job would be in flight with it */
    private record Candidate(Item item, ReadyJob job, int turn) {}

    private record Item(
            long id, String volumeId, Optional<String> host, Optional<String> backend, Optional<String> instanceId) {
        static Item of(Row row) throws SQLException {
            return new Item(
                    row.number("id"), row.text("volume_id"), row.optionalText("host"), row.optionalText("backend"),
                    row.optionalText("instance_id"));
        }

        /** What only one repair at a time may work on: a refresh locks the instance. */
        List<String> things() {
            return Stream.concat(Stream.of(volumeId), instanceId.stream()).toList();
        }
    }

    /** An instance that a job has stopped, or is about to: it takes a place on its host until it runs again. */
    private record Stopped(UUID job, String instanceId) {}

    /**
     * How many items are in flight; changed by what is chosen. For one thread.
     *
     * @param reserved on hosts: by instances that are stopped and of which no item is in flight now
     */
    private record InFlight(
            Map<String, Integer> onHosts, Map<String, Integer> onBackends, Map<UUID, Integer> ofJobs,
            Map<String, Integer> reserved, Set<Stopped> stopped) {
        static InFlight read(Transaction tx) {
            InFlight all = new InFlight(
                    new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashSet<>());
            tx.handle()
                    .createQuery("SELECT job, host, backend, count(*) AS items FROM reseat.job_item WHERE " + IN_FLIGHT
                            + " GROUP BY job, host, backend")
                    .map((result, context) -> {
                        Row row = new Row(result);
                        return all.add(
                                row.uuid("job"), row.optionalText("host"), row.optionalText("backend"),
                                row.integer("items"));
                    })
                    .list();
            tx.handle()
                    .createQuery("SELECT s.job, s.instance_id, s.host, EXISTS (SELECT 1 FROM reseat.job_item i"
                            + " WHERE i.job = s.job AND i.instance_id = s.instance_id AND i." + IN_FLIGHT
                            + ") AS worked FROM reseat.instance_stop s WHERE s." + InstanceStopTable.OPEN)
                    .map((result, context) -> all.reserve(new Row(result)))
                    .list();
            return all;
        }

        private InFlight reserve(Row row) throws SQLException {
            stopped.add(new Stopped(row.uuid("job"), row.text("instance_id")));
            if (!row.bool("worked")) {
                reserved.merge(row.text("host"), 1, Integer::sum);
            }
            return this;
        }

        private InFlight add(UUID job, Optional<String> host, Optional<String> backend, int items) {
            host.ifPresent(name -> onHosts.merge(name, items, Integer::sum));
            backend.ifPresent(name -> onBackends.merge(name, items, Integer::sum));
            ofJobs.merge(job, items, Integer::sum);
            return this;
        }

        void add(Candidate one) {
            add(one.job().id(), one.item().host(), one.item().backend(), 1);
        }

        int ofJob(ReadyJob job) {
            return ofJobs.getOrDefault(job.id(), 0);
        }

        boolean allows(Candidate one) {
            boolean hasPlace = one.item()
                    .instanceId()
                    .filter(instance -> stopped.contains(new Stopped(one.job().id(), instance)))
                    .isPresent();
            int onHost = has(onHosts, one.item().host()) + (hasPlace ? 0 : has(reserved, one.item().host()));
            return onHost < one.job().perHost() && has(onBackends, one.item().backend()) < one.job().perBackend();
        }

        private static int has(Map<String, Integer> counts, Optional<String> name) {
            return name.map(one -> counts.getOrDefault(one, 0)).orElse(0);
        }

        List<String> fullHosts(ReadyJob job) {
            Map<String, Integer> taken = new HashMap<>(onHosts);
            reserved.forEach((host, count) -> taken.merge(host, count, Integer::sum));
            return full(taken, job.perHost());
        }

        List<String> stoppedFor(ReadyJob job) {
            return stopped.stream().filter(one -> one.job().equals(job.id())).map(Stopped::instanceId).toList();
        }

        List<String> fullBackends(ReadyJob job) {
            return full(onBackends, job.perBackend());
        }

        private static List<String> full(Map<String, Integer> counts, int most) {
            return counts.entrySet()
                    .stream()
                    .filter(count -> count.getValue() >= most)
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }
}
