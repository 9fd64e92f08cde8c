package dev.reseat.systemtest;

import dev.reseat.systemtest.Scene.Attached;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One repair that somebody asked for while things died, and whether what is said of it is true. */
final class KilledRepair {
    private static final long ANSWERED = 90;

    private final KillCloud killable;
    private final Cloud cloud;
    private final Attached subject;
    private final Optional<Process> holder; // of a refresh
    private final State before;
    private CompletableFuture<Http.Answer> answer = new CompletableFuture<>();

    /** What stands in rows, backend and host. */
    private record State(
            String status, List<String> attachments, String exports, Optional<String> mapped, boolean held) {}

    private KilledRepair(KillCloud killable, Attached subject, Optional<Process> holder) throws IOException {
        this.killable = killable;
        this.cloud = killable.cloud();
        this.subject = subject;
        this.holder = holder;
        this.before = state();
    }

    static KilledRepair reset(KillCloud cloud, Attached stuck) throws IOException {
        return new KilledRepair(cloud, stuck, Optional.empty());
    }

    static KilledRepair refresh(KillCloud cloud, Scene scene, Attached stale) throws IOException {
        return new KilledRepair(cloud, stale, Optional.of(scene.heldByAgent(stale)));
    }

    private boolean isReset() {
        return holder.isEmpty();
    }

    void send(Http api) {
        answer = isReset()
                ? api.sending("POST", "/v3/volumes/" + subject.volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}")
                : api.sending("POST", "/reseat/v1/block-device-mappings/" + subject.mapping() + "/refresh", "{}");
    }

    /** Waits until it is settled. @return what is not as it should be */
    List<String> settle() throws IOException, InterruptedException {
        Optional<Http.Answer> said = said();
        cloud.awaitSettled(subject.volume());
        List<Map<String, Object>> entries = cloud.rows()
                .rows(cloud.cinder(), "SELECT * FROM reseat.journal WHERE subject_id = ?", subject.volume());
        State now = state();
        List<String> violations = new ArrayList<>();
        if (entries.size() > 1) {
            violations.add(entries.size() + " journal entries for one request");
        }
        Optional<String> outcome = entries.stream().findFirst().map(entry -> String.valueOf(entry.get("state")));
        String told = entries.stream().findFirst().map(entry -> String.valueOf(entry.get("outcome"))).orElse("");
        boolean success = said.map(a -> a.status() == (isReset() ? 202 : 200)).orElse(false);
        if (success && !outcome.equals(Optional.of("done"))) {
            violations.add("answered as done");
        }
        if (outcome.isEmpty() && !now.equals(before)) {
            violations.add("changed without a journal entry");
        }
        if (outcome.equals(Optional.of("done"))) {
            (isReset() ? notAvailable(now) : notRefreshed(now))
                    .forEach(what -> violations.add("done, but not " + what));
        }
        boolean asBefore = outcome.equals(Optional.of("undone")) || told.contains("everything is as it was")
                || said.filter(a -> a.text().contains("everything is as it was")).isPresent();
        if (asBefore && !now.equals(before)) {
            violations.add("said to be as it was");
        }
        violations.addAll(always(now));
        return violations.stream()
                .map(violation -> violation + ": " + (isReset() ? "reset " : "refresh ") + subject + ", answered "
                        + said + ", journal " + outcome + " (" + told + "), before " + before + ", now " + now)
                .toList();
    }

    /** Runs it again if it was not done. @return what is not as it should be then */
    List<String> finish() throws IOException, InterruptedException {
        boolean done = isReset() ? notAvailable(state()).isEmpty() : notRefreshed(state()).isEmpty();
        List<String> violations = new ArrayList<>();
        if (!done) {
            Optional<Http.Answer> said = againUntilReachable();
            cloud.awaitSettled(subject.volume());
            State now = state();
            List<String> wrong = isReset() ? notAvailable(now) : notRefreshed(now);
            wrong.forEach(violation -> violations
                    .add("run again and not " + violation + ": " + subject + ", answered " + said + ", before "
                            + before + ", now " + now + ", journal " + cloud.journal(subject.volume())));
        }
        holder.ifPresent(Process::destroyForcibly);
        return violations;
    }

    /** Whoever was cut off from the broker needs a moment to come back. */
    private Optional<Http.Answer> againUntilReachable() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWERED);
        Optional<Http.Answer> said;
        do {
            send(killable.http(false));
            said = said();
        } while (said.filter(KilledRepair::isUnreached).isPresent() && System.nanoTime() < end);
        return said;
    }

    /** Of a peer that does not listen again yet nothing is known, and so a reset is refused. */
    private static boolean isUnreached(Http.Answer answer) {
        return answer.status() == 503 || (answer.status() == 409 && answer.text().contains("nobody listens"));
    }

    private Optional<Http.Answer> said() throws InterruptedException {
        try {
            return Optional.of(answer.get(ANSWERED, TimeUnit.SECONDS));
        } catch (ExecutionException killedMeanwhile) {
            return Optional.empty();
        } catch (TimeoutException e) {
            throw new AssertionError("no answer and no end for " + subject, e);
        }
    }

    /** What holds whatever became of it. */
    private List<String> always(State now) {
        List<String> violations = new ArrayList<>();
        if (now.status().equals("available") && (!now.exports().isEmpty() || now.held())) {
            violations.add("available with an export or a host that holds it");
        }
        if (now.status().equals("available") && !now.attachments().isEmpty()) {
            violations.add("available with an attachment");
        }
        Map<String, Object> instance =
                cloud.rows().row(cloud.nova(), "SELECT * FROM instances WHERE uuid = ?", subject.instance());
        if (Boolean.TRUE.equals(instance.get("locked")) || instance.get("locked_by") != null) {
            violations.add("the instance is left locked");
        }
        if (!"stopped".equals(instance.get("vm_state"))) {
            violations.add("the instance is " + instance.get("vm_state"));
        }
        return violations;
    }

    private static List<String> notAvailable(State now) {
        boolean right = now.status().equals("available") && now.attachments().isEmpty() && now.exports().isEmpty()
                && !now.held();
        return right ? List.of() : List.of("available and free");
    }

    private List<String> notRefreshed(State now) {
        boolean right = now.status().equals("in-use") && now.attachments().size() == 1
                && !now.attachments().equals(before.attachments())
                && now.mapped().equals(now.attachments().stream().findFirst())
                && now.exports().contains(now.attachments().getFirst())
                && !now.exports().contains(subject.attachment());
        return right ? List.of() : List.of("refreshed");
    }

    private State state() throws IOException {
        CloudFixture rows = cloud.rows();
        String status = cloud.volume(subject.volume()).get("status").toString();
        List<String> attachments = rows.rows(cloud.cinder(),
                "SELECT id FROM volume_attachment WHERE volume_id = ? AND NOT deleted ORDER BY id", subject.volume())
                .stream()
                .map(row -> row.get("id").toString())
                .toList();
        Optional<String> mapped = rows.rows(cloud.nova(),
                "SELECT attachment_id FROM block_device_mapping WHERE uuid = ? AND deleted = 0", subject.mapping())
                .stream()
                .map(row -> row.get("attachment_id").toString())
                .findFirst();
        String exports = Files.exists(subject.exports()) ? Files.readString(subject.exports()) : "";
        return new State(status, attachments, exports, mapped, Scene.isHeld(subject));
    }
}
