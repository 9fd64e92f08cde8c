package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.job.JobRpc;
import dev.reseat.contract.job.RepairRpc;
import dev.reseat.contract.volume.ResetStatus;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.testing.CloudFixture;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Tag("database")
@Tag("any-database")
@Tag("slow-on-mariadb")
class JobSteeringIT {
    private static JobCloud node;
    private static CloudFixture cloud;
    private static JobCli cli;

    @BeforeAll
    static void open() {
        node = new JobCloud();
        cloud = node.cloud;
        cli = node.cli;
    }

    @AfterAll
    static void close() {
        node.close();
    }

    @AfterEach
    void heal() {
        node.backends.outcome = _ -> ResetStatus.Outcome.PROVED;
    }

    @Test
    void aSelectorThatAsksForNothingOrFindsNothingMakesNoJob() {
        String orphan = node.orphan();

        assertThat(cli.run(4, "job", "create", "--select", "ids=" + UUID.randomUUID(), "--reset-state", "available")
                .err()).contains("selects nothing", "1 volumes of the ids do not exist");
        assertThat(cli.run(2, "job", "create", "--select", "ids=", "--reset-state", "available").err())
                .contains("selects nothing");
        assertThat(cli.run(2, "job", "create", "--select", "address=10.0.0.1:x", "--refresh").err())
                .contains("address");
        assertThat(
                cli.run(2, "job", "create", "--select", "ids=" + orphan, "--reset-state", "available", "--limit", "0")
                        .err())
                .contains("limit");
        assertThat(cli.run(2, "job", "create", "--select", "pattern=9", "--repair").err()).contains("selects nothing");
        assertThat(node.status(orphan)).isEqualTo("error");
    }

    @Test
    void aKeyThatIsNotKnownIsRefusedNotPassedOver() {
        var caller = node.peers.client().prepare(JobRpc.target());

        Assertions.assertThatThrownBy(() -> caller.call(
                admin(), JobRpc.JobCreate.METHOD,
                new JobRpc.JobCreate(Map.of("select", Map.of("ids", List.of("x")), "reset",
                        Map.of("status", "available"), "limits", Map.of("limt", 1))),
                Map.class))
                .isInstanceOfSatisfying(RpcException.RemoteFailure.class, failure -> {
                    assertThat(failure.failure().type()).isEqualTo("Invalid");
                    assertThat(failure.getMessage()).contains("limt");
                });
    }

    @Test
    void whatIsInUseIsRefusedByThePlanAndLeftAlone() {
        String used = node.orphan();
        String instance = cloud.instance(Map.of("vm_state", "active", "power_state", 1));
        cloud.blockDevice(instance, used, Map.of());
        String orphan = node.orphan();

        String job = cli.create("--select", "ids=" + used + "," + orphan, "--reset-state", "available");
        cli.run(0, "job", "watch", job);
        assertThat(cli.states(job)).isEqualTo(Map.of("planned", 1L, "refused", 1L));
        assertThat(cli.run(0, "job", "report", job).out()).contains("cannot be undone", "refused", instance);
        assertThat(node.status(orphan)).isEqualTo("error");

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L, "skipped", 1L));
        assertThat(node.status(orphan)).isEqualTo("available");
        assertThat(node.status(used)).isEqualTo("error");
    }

    @Test
    void whatHasChangedSinceItWasPlannedIsSkipped() {
        String changed = node.orphan();
        String same = node.orphan();
        String job = cli.create("--select", "ids=" + changed + "," + same, "--reset-state", "available");
        cli.run(0, "job", "watch", job);
        cloud.execute(cloud.cinder(), "UPDATE volumes SET status = 'in-use' WHERE id = ?", changed);

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L, "skipped", 1L));
        assertThat(node.status(changed)).isEqualTo("in-use");
    }

    @Test
    void aPlanThatIsNoLongerFreshIsMadeAgainBeforeItIsApplied() {
        String changed = node.orphan();
        String job = cli.create("--select", "ids=" + changed, "--reset-state", "available");
        cli.run(0, "job", "watch", job);
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET fresh_until = timestamp '2020-01-01 00:00:00'"
                + " WHERE volume_id = ?", changed);
        cloud.attachment(changed, "attached");

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job);

        assertThat(cli.report(job).at("/items/0/detail").asString()).contains("changed since it was planned");
        assertThat(node.status(changed)).isEqualTo("error");
    }

    @Test
    void failuresInARowStopTheJobAndItCanBeRetried() {
        List<String> volumes = List.of(node.orphan(), node.orphan(), node.orphan(), node.orphan(), node.orphan());
        node.backends.outcome = _ -> ResetStatus.Outcome.FAILED;

        String job = cli.create(
                "--select", "ids=" + String.join(",", volumes), "--reset-state", "available", "--apply", "--canary",
                "0", "--wave", "1", "--stop-after-failures", "2");
        cli.run(8, "job", "watch", job);
        assertThat(cli.show(job).path("why").asString()).isEqualTo("2 failures in a row");
        assertThat(cli.states(job)).isEqualTo(Map.of("failed", 2L, "waiting", 3L));
        assertThat(cli.show(job).path("last_failed")).hasSize(2);

        node.backends.outcome = _ -> ResetStatus.Outcome.PROVED;
        cli.run(0, "job", "resume", job);
        cli.run(1, "job", "watch", job);
        cli.run(0, "job", "retry-failed", job);
        cli.run(0, "job", "watch", job);
        assertThat(cli.states(job)).isEqualTo(Map.of("done", 5L));
        assertThat(cli.run(8, "job", "retry-failed", job).err()).contains("no failed items");
    }

    @Test
    void aCanaryThatFailsStopsTheJob() {
        List<String> volumes = List.of(node.orphan(), node.orphan(), node.orphan());
        node.backends.outcome = _ -> ResetStatus.Outcome.FAILED;

        String job = cli.create(
                "--select", "ids=" + String.join(",", volumes), "--reset-state", "available", "--apply", "--canary",
                "1");
        cli.run(8, "job", "watch", job);

        assertThat(cli.show(job).path("why").asString()).contains("canaries");
        assertThat(cli.states(job)).isEqualTo(Map.of("failed", 1L, "waiting", 2L));
    }

    @Test
    void aJobIsPausedResumedAndCancelled() {
        String volume = node.orphan();
        String job = cli.create(
                "--select", "ids=" + volume, "--reset-state", "available", "--apply", "--not-before",
                "2999-01-01T00:00:00Z");
        cli.awaitStates(job, Map.of("waiting", 1L));
        assertThat(cli.run(10, "job", "watch", job, "--for", "1").out()).contains("1 waiting");

        cli.run(0, "job", "pause", job, "--reason", "lunch");
        assertThat(cli.show(job).path("why").asString()).isEqualTo("lunch");
        assertThat(cli.run(8, "job", "apply", job).err()).contains("paused");
        cli.run(0, "job", "resume", job);
        cli.run(0, "job", "cancel", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("skipped", 1L));
        assertThat(cli.run(0, "job", "list").out()).contains(job);
        assertThat(cli.run(8, "job", "report", job, "--exit-code").out()).contains("cancelled");
        assertThat(node.status(volume)).isEqualTo("error");
    }

    @Test
    void messagesThatAreLostOrComeTwiceDoNoHarm() {
        String volume = node.orphan();
        String job = cli.create(
                "--select", "ids=" + volume, "--reset-state", "available", "--apply", "--not-before",
                "2999-01-01T00:00:00Z");
        cli.awaitStates(job, Map.of("waiting", 1L));
        // nobody is told of this
        cloud.execute(cloud.cinder(), "UPDATE reseat.job SET not_before = NULL WHERE id = ?", UUID.fromString(job));
        cli.run(0, "job", "watch", job);
        var queue = node.peers.client().prepare(RepairRpc.target());
        for (String id : List.of(job, job, "no job", UUID.randomUUID().toString())) {
            queue.cast(admin(), RepairRpc.JobReady.METHOD, new RepairRpc.JobReady(id));
        }
        String another = node.orphan();
        cli.run(0, "job", "watch", cli.create("--select", "ids=" + another, "--reset-state", "available", "--apply"));

        assertThat(node.backends.resets).containsEntry(volume, 1).containsEntry(another, 1);
    }

    @Test
    void anItemThatAnotherProcessLeftBeforeItBeganIsBegunAgain() {
        String volume = node.orphan();
        String job = cli.create(
                "--select", "ids=" + volume, "--reset-state", "available", "--apply", "--not-before",
                "2999-01-01T00:00:00Z");
        cli.awaitStates(job, Map.of("waiting", 1L));
        cloud.execute(cloud.cinder(), "UPDATE reseat.job SET not_before = NULL WHERE id = ?", UUID.fromString(job));
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET state = 'running', owner = -7 WHERE volume_id = ?",
                volume);

        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(node.backends.resets).containsEntry(volume, 1);
    }

    @Test
    void whatTheJournalTellsSettlesAnItemWhoseProcessIsGone() {
        String volume = node.orphan();
        String job = cli.create("--select", "ids=" + volume, "--reset-state", "available", "--apply");
        cli.run(0, "job", "watch", job);
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET state = 'running', owner = -7, journal = NULL,"
                + " ended_at = NULL WHERE volume_id = ?", volume);
        cloud.execute(cloud.cinder(), "UPDATE reseat.job SET state = 'running', ended_at = NULL WHERE id = ?",
                UUID.fromString(job));

        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(cli.report(job).at("/items/0/journal").isString()).isTrue();
        assertThat(node.backends.resets).containsEntry(volume, 1);
    }

    @Test
    void aVolumeThatSomebodyElseRepairsIsWaitedFor() {
        String volume = node.orphan();
        String job = cli.create("--select", "ids=" + volume, "--reset-state", "available");
        cli.run(0, "job", "watch", job);
        cloud.execute(cloud.cinder(), """
                INSERT INTO reseat.journal (id, kind, subject_id, request_id, user_id, project_id, request, "before",
                    owner, epoch, opened_at, state)
                SELECT CAST(? AS <uuid>), 'reset', ?, 'req-other', 'u', 'p', '{}', '{}', max(owner), 1,
                    <utc>, 'open' FROM reseat.lease""", UUID.randomUUID(), volume);
        cli.run(0, "job", "apply", job);
        assertThat(cli.run(10, "job", "watch", job, "--for", "2").out()).contains("1 waiting");

        cloud.execute(cloud.cinder(), "UPDATE reseat.journal SET state = 'done' WHERE request_id = 'req-other'");
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET due_at = NULL WHERE volume_id = ?", volume);
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(node.backends.resets).containsEntry(volume, 1);
    }

    @Test
    void onlyAStatusThatWasChangedAloneCanBeUndone() {
        String volume = cloud.volume("available");
        String job = cli.create("--select", "ids=" + volume, "--reset-state", "maintenance", "--apply");
        cli.run(0, "job", "watch", job);
        assertThat(node.status(volume)).isEqualTo("maintenance");

        String undo = cli.json(0, "job", "undo", job, "--json").at("/job/id").asString();
        cli.run(0, "job", "watch", undo);
        cli.run(0, "job", "apply", undo);
        cli.run(0, "job", "watch", undo);

        assertThat(node.status(volume)).isEqualTo("available");
        assertThat(cli.run(8, "job", "undo", job).err()).contains("still as the job has left it");
    }

    @Test
    void aShareOfABackendIsNotExceeded() {
        String volume = node.orphan();

        assertThat(cli.run(8, "job", "create", "--select", "ids=" + volume, "--reset-state", "available", "--max-share",
                "0.001%").err()).contains("more than the share");
        assertThat(cli.json(0, "job", "create", "--select", "ids=" + volume + "," + node.orphan(), "--reset-state",
                "available", "--limit", "1", "--json").at("/job/notes/0").asString()).contains("1 of them taken");
    }

    @Test
    void otherServicesMakeShowAndCancelJobs() {
        String volume = node.orphan();
        var caller = node.peers.client().prepare(JobRpc.target());
        Map<String, Object> order = Map.of(
                "select", Map.of("ids", List.of(volume)), "reset", Map.of("status", "available"));

        Map<?, ?> made = caller.call(admin(), JobRpc.JobCreate.METHOD, new JobRpc.JobCreate(order), Map.class);
        String id = (String) made.get("id");
        caller.call(admin(), JobRpc.JobCancel.METHOD, new JobRpc.JobCancel(id, Optional.of("no")), Map.class);
        Map<?, ?> shown = caller.call(admin(), JobRpc.JobShow.METHOD, new JobRpc.JobShow(id), Map.class);

        assertThat(shown.get("state")).isEqualTo("cancelled");
        Assertions.assertThatThrownBy(() -> caller.call(
                RequestContext.of("u", "p", false, "req-x"), JobRpc.JobShow.METHOD, new JobRpc.JobShow(id), Map.class))
                .hasMessageContaining("administrators");
    }

    @Test
    void eventsTellHowAJobGoesOnUntilItEnds() throws Exception {
        String volume = node.orphan();
        String job = cli.create("--select", "ids=" + volume, "--reset-state", "available", "--apply");

        var answer = cli.events(job);

        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(answer.body()).contains("data: {").contains("\"state\":\"done\"");
    }

    @Test
    void aReportMasksNothingButSecretsAndIsSafeInASpreadsheet() {
        String volume = node.orphan();
        node.backends.outcome = _ -> ResetStatus.Outcome.FAILED;
        String job = cli.create("--select", "ids=" + volume, "--reset-state", "available", "--apply");
        cli.run(8, "job", "watch", job);

        String csv = cli.run(0, "job", "report", job, "--csv").out();
        JsonNode item = cli.report(job).at("/items/0");

        assertThat(csv.lines()).hasSize(2);
        assertThat(item.path("state").asString()).isEqualTo("failed");
        assertThat(item.path("detail").asString()).contains("told so");
        assertThat(item.path("journal").isString()).isTrue();
    }

    private static RequestContext admin() {
        return RequestContext.of("admin", CloudFixture.PROJECT, true, RequestContext.newRequestId());
    }
}
