package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Jobs that have Nova stop what runs, refresh it, and have it started again. */
@Tag("database")
@Tag("slow")
class StopStartIT {
    private static final String OLD = MovedMonitors.OLD;

    private JobCloud node;
    private CloudFixture cloud;
    private MovedMonitors moved;
    private SimulatedNova nova;

    @BeforeEach
    void open() {
        node = new JobCloud("job_interval = 1\njob_stop_timeout = 2");
        cloud = node.cloud;
        moved = new MovedMonitors(node);
        nova = new SimulatedNova(node);
    }

    @AfterEach
    void close() {
        nova.close();
        node.close();
    }

    @Test
    void whatRunsIsStoppedOnceForAllItsVolumesAndRunsAgain() {
        String instance = running();
        List<String> mappings = List.of(moved.mapping(instance, OLD), moved.mapping(instance, OLD));
        String stopped = cloud.instance();
        String other = moved.mapping(stopped, OLD);

        String job = create();
        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(node.cli.run(0, "job", "report", job, "--items").out())
                .contains("have Nova stop instance " + instance + " on host-a", "have Nova start it again");
        assertThat(nova.asked).isEmpty();

        node.cli.run(0, "job", "apply", job);
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 3L));
        assertThat(nova.asked).containsExactly("stop " + instance, "start " + instance);
        assertThat(state(instance)).isEqualTo("active");
        assertThat(state(stopped)).isEqualTo("stopped");
        assertThat(Stream.concat(mappings.stream(), Stream.of(other)))
                .allSatisfy(mapping -> assertThat(moved.info(mapping)).contains(MovedMonitors.NEW));
        assertThat(node.cli.run(0, "job", "show", job).out()).contains("instances stopped for it: 1 started again");
        assertThat(cloud.rows(cloud.nova(), "SELECT action FROM instance_actions WHERE instance_uuid = ?"
                + " AND action <> 'refresh_volume_attachment' ORDER BY id", instance))
                .containsExactly(Map.of("action", "stop"), Map.of("action", "start"));
    }

    @Test
    void noMoreAreStoppedOnAHostThanTheLimitSays() {
        Stream.generate(this::running).limit(3).forEach(instance -> moved.mapping(instance, OLD));

        String job = create("--per-host", "1", "--canary", "1", "--apply");
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 3L));
        assertThat(nova.most).hasValue(1);
        assertThat(nova.asked).hasSize(6);
    }

    @Test
    void whatCannotBeRefreshedRunsAgainToo() {
        String instance = running();
        String mapping = moved.mapping(instance, OLD);
        String volume = cloud.row(cloud.nova(), "SELECT volume_id FROM block_device_mapping WHERE uuid = ?", mapping)
                .get("volume_id")
                .toString();
        nova.whenStopped = () -> cloud.attachment(volume, Map.of("connector", "{\"host\": \"host-b\"}"));

        String job = create("--apply", "--canary", "0");
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("skipped", 1L));
        assertThat(nova.asked).containsExactly("stop " + instance, "start " + instance);
        assertThat(moved.info(mapping)).contains(OLD);
        assertThat(state(instance)).isEqualTo("active");
    }

    @Test
    void itIsStartedByAnotherApiNodeIfTheFirstOneEnds() {
        String instance = running();
        String mapping = moved.mapping(instance, OLD);
        nova.losing.add(instance);
        String job = create("--apply");
        nova.awaitAsked(1);

        JobCli again = node.restarted();
        // as if it had ended before it could write that Nova has been asked
        cloud.execute(cloud.cinder(), "UPDATE reseat.instance_stop SET sent = 0, due_at = <utc>, since = <utc>");
        again.run(0, "job", "watch", job, "--for", "60");

        assertThat(again.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(nova.asked).containsExactly("stop " + instance, "stop " + instance, "start " + instance);
        assertThat(moved.info(mapping)).contains(MovedMonitors.NEW);
        assertThat(state(instance)).isEqualTo("active");
    }

    @Test
    void whatNovaDoesNotStopIsLeftAsItIs() {
        String instance = running();
        String mapping = moved.mapping(instance, OLD);
        nova.failing.add(instance);

        String job = create("--apply", "--canary", "0");
        node.cli.run(1, "job", "watch", job, "--for", "90");

        assertThat(node.cli.report(job).at("/items/0/detail").asString())
                .contains("was not stopped: Nova does not stop it", "Nothing of the volume was touched");
        assertThat(state(instance)).isEqualTo("active");
        assertThat(moved.info(mapping)).contains(OLD);
    }

    @Test
    void whatNovaDoesNotStartAgainIsSaidLoudlyAndCanBeRetried() {
        String instance = running();
        moved.mapping(instance, OLD);
        node.agents.remove = args -> {
            nova.failing.add(instance);
            moved.remove(args);
        };

        String job = create("--apply", "--canary", "0");
        node.cli.run(1, "job", "watch", job, "--for", "90");

        assertThat(nova.asked.stream().filter(("start " + instance)::equals)).hasSize(3);
        assertThat(node.cli.report(job).at("/items/0/detail").asString())
                .contains("DOES NOT RUN AGAIN", "openstack server start " + instance);
        assertThat(node.cli.run(0, "job", "show", job).out()).contains("1 left stopped");
        node.agents.remove = moved::remove;
        nova.failing.clear();
        node.cli.run(0, "job", "retry-failed", job);
        node.cli.run(0, "job", "watch", job, "--for", "60");
        assertThat(state(instance)).isEqualTo("active");
    }

    /** Nova's rows look the same: only its actions tell. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatSomebodyElseHasStoppedIsRefreshedAndNotStarted(boolean before) {
        String instance = running();
        String mapping = moved.mapping(instance, OLD);
        if (before) {
            nova.losing.add(instance);
        } else { // has started it, and stopped it again
            node.agents.remove = args -> {
                action(instance, "start");
                action(instance, "stop");
                moved.remove(args);
            };
        }

        String job = create("--apply");
        if (before) {
            nova.awaitAsked(1);
            action(instance, "stop");
            cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = 'stopped', power_state = 4, task_state = NULL"
                    + " WHERE uuid = ?", instance);
        }
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(nova.asked).containsExactly("stop " + instance);
        assertThat(moved.info(mapping)).contains(MovedMonitors.NEW);
        assertThat(state(instance)).isEqualTo("stopped");
        assertThat(node.cli.show(job).path("instances").properties()).hasToString("[left_alone=1]");
    }

    @Test
    void whatIsBusyWhileItIsStoppedIsWaitedFor() {
        String instance = running();
        moved.mapping(instance, OLD);
        nova.taskWhenStopped = Optional.of("image_uploading");

        String job = create("--apply");
        nova.awaitAsked(1);
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "8").err()).contains("1 held");
        cloud.execute(cloud.nova(), "UPDATE instances SET task_state = NULL WHERE uuid = ?", instance);
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(nova.asked).containsExactly("stop " + instance, "start " + instance);
        assertThat(state(instance)).isEqualTo("active");
    }

    @Test
    void aNovaThatTakesRequestsAndDoesNothingIsNotWaitedForForEver() {
        String instance = running();
        String mapping = moved.mapping(instance, OLD);
        nova.hanging.add(instance);

        String job = create("--apply", "--canary", "0");
        node.cli.run(1, "job", "watch", job, "--for", "90");

        assertThat(nova.asked).containsExactly("stop " + instance);
        assertThat(moved.info(mapping)).contains(OLD);
        assertThat(node.cli.report(job).at("/items/0/detail").asString())
                .contains("Nova has not stopped it within 2 seconds");
        JsonNode owed = node.cli.show(job).at("/owed/0");
        assertThat(owed.path("state").asString()).isEqualTo("left_stopped");
        assertThat(owed.path("next").asString()).isEqualTo("openstack server start " + instance);
        assertThat(node.cli.run(0, "job", "show", job).out())
                .contains("instance " + instance + " on host-a, left stopped: nova-compute of host-a");
        node.cli.run(1, "job", "report", job, "--exit-code");
    }

    @Test
    void whatIsLockedOrWasStoppedWhenItWasPlannedIsNotStopped() {
        String locked = cloud.instance(Map.of("vm_state", "active", "power_state", 1, "locked", true));
        moved.mapping(locked, OLD);
        String started = cloud.instance();
        moved.mapping(started, OLD);

        String job = create();
        node.cli.run(0, "job", "watch", job, "--for", "60");
        cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = 'active', power_state = 1 WHERE uuid = ?",
                started);
        node.cli.run(0, "job", "apply", job);
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "5").err()).contains("2 held");
        assertThat(node.cli.run(0, "job", "report", job, "--items").out()).contains("somebody has locked it");
        cloud.execute(cloud.nova(), "UPDATE instances SET locked = false WHERE uuid = ?", locked);
        // as if it had been stopped for a moment
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET state = 'waiting', due_at = NULL WHERE state = 'held'"
                + " AND instance_id = ?", locked);
        node.cli.awaitDetail(job, locked, "was not to be stopped when it was planned");
        node.cli.awaitDetail(job, started, "was not to be stopped when it was planned");

        assertThat(nova.asked).isEmpty();
        node.cli.run(0, "job", "cancel", job);
    }

    @Test
    void aMappingThatHasGotAnotherVolumeIsNotRefreshed() {
        String mapping = moved.mapping(cloud.instance(), OLD);
        String job = create();
        node.cli.run(0, "job", "watch", job, "--for", "60");
        String other = cloud.volume("in-use");
        cloud.execute(cloud.nova(), "UPDATE block_device_mapping SET volume_id = ? WHERE uuid = ?", other, mapping);

        node.cli.run(0, "job", "apply", job);
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.report(job).at("/items/0/detail").asString()).contains("is of volume " + other + " now");
        assertThat(moved.info(mapping)).contains(OLD);
    }

    /** As Nova records what somebody asks of its API. */
    private void action(String instance, String action) {
        cloud.insert(cloud.nova(), "instance_actions", Map.of(
                "instance_uuid", instance, "action", action, "request_id", "req-" + UUID.randomUUID(), "deleted", 0));
    }

    private String running() {
        return cloud.instance(Map.of("uuid", UUID.randomUUID().toString(), "vm_state", "active", "power_state", 1));
    }

    private Object state(String instance) {
        return cloud.row(cloud.nova(), "SELECT vm_state FROM instances WHERE uuid = ?", instance).get("vm_state");
    }

    private String create(String... more) {
        List<String> words = new ArrayList<>(
                List.of("--select", "address=" + OLD, "--refresh", "--stop-start", "if-running"));
        words.addAll(List.of(more));
        return node.cli.create(words.toArray(String[]::new));
    }
}
