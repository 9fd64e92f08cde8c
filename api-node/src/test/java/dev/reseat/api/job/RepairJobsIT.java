package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.contract.volume.BackendConnection;
import dev.reseat.testing.CloudFixture;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Jobs that do with each volume what its evidence asks for; host-c is dead. */
@Tag("database")
class RepairJobsIT {
    private JobCloud node;
    private CloudFixture cloud;
    private JobCli cli;
    private SimulatedAgents agents;
    private MovedMonitors monitors;

    @BeforeEach
    void open() {
        node = new JobCloud("job_interval = 1\nprobe_timeout = 60"); // many are asked at once, maybe on a busy machine
        cloud = node.cloud;
        cli = node.cli;
        agents = node.agents;
        monitors = new MovedMonitors(node);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void eachVolumeGetsWhatItNeedsAndTheUsedOnesAreLeftAlone() {
        String orphan = leftBehind("host-a");
        String ghost = leftBehind("host-a");
        agents.inGuest.add(ghost);
        String silent = leftBehind("host-c");
        String running = running();
        String mapping = namesLostAttachment();
        String stale = volumeOf(mapping);
        String stopped = volumeOf(monitors.mapping(cloud.instance(), MovedMonitors.NEW));

        String job = cli.create("--select", ids(orphan, ghost, silent, running, stale, stopped), "--repair");
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).as(cli.report(job).toString())
                .isEqualTo(Map.of("planned", 2L, "refused", 2L, "skipped", 2L));
        assertThat(item(job, orphan).path("plan").asString())
                .contains("pattern 9: The server is deleted", "reset_status available");
        assertThat(item(job, orphan).path("undo").asString()).isEqualTo("cannot be undone");
        assertThat(item(job, stale).path("plan").asString()).contains("pattern 15b", "remove_volume_connection");
        assertThat(item(job, ghost).path("detail").asString()).contains("pattern 10", "Next: reseat diagnose");
        assertThat(item(job, silent).path("detail").asString()).contains("pattern 30", "Silent: guest, host", "Next:");
        assertThat(item(job, running).path("detail").asString()).contains("in order: pattern N1");
        assertThat(item(job, stopped).path("detail").asString()).contains("in order: pattern N2");
        List<String> untouched = List.of(ghost, silent, running, stopped);
        Set<Map<String, Object>> before = rows(untouched);

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).as(cli.report(job).toString()).isEqualTo(Map.of("done", 2L, "skipped", 4L));
        assertThat(rows(untouched)).isEqualTo(before);
        assertThat(node.backends.resets).containsOnlyKeys(orphan);
        assertThat(node.status(orphan)).isEqualTo("available");
        assertThat(node.status(stale)).isEqualTo("in-use");
        assertThat(monitors.info(mapping)).contains(MovedMonitors.NEW);
        assertThat(cli.run(8, "job", "undo", job).err()).contains("a repair has no exact inverse");
    }

    @Test
    void aPatternNarrowsWhatIsSelected() {
        String orphan = leftBehind("host-a");
        String silent = leftBehind("host-c"); // may show it
        String detaching = leftBehind("host-a");
        cloud.execute(cloud.cinder(), "UPDATE volumes SET status = 'detaching' WHERE id = ?", detaching);
        String select = ids(orphan, silent, detaching);

        String job = cli.create("--select", select, "--select", "pattern=6,12", "--repair");
        cli.run(0, "job", "watch", job);
        assertThat(item(job, orphan).path("detail").asString()).contains("not selected: it shows pattern 9");

        job = cli.create("--select", select, "--select", "pattern=9", "--repair", "--apply");
        cli.run(0, "job", "watch", job);
        assertThat(item(job, silent).path("detail").asString()).contains("pattern 30");
        assertThat(item(job, orphan).path("state").asString()).isEqualTo("done");

        assertThat(cli.run(2, "job", "create", "--select", select, "--select", "pattern=99", "--repair").err())
                .contains("no pattern 99");
        assertThat(cli.run(2, "job", "create", "--select", select, "--select", "pattern=9", "--refresh").err())
                .contains("goes with repair alone");
    }

    @Test
    void whatIsUsedSinceItWasPlannedIsLeftAlone() {
        String volume = leftBehind("host-a");
        String job = cli.create("--select", ids(volume), "--repair");
        cli.run(0, "job", "watch", job);
        agents.inGuest.add(volume); // no row tells

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job);

        assertThat(item(job, volume).path("state").asString()).isEqualTo("skipped");
        assertThat(item(job, volume).path("detail").asString()).contains("not as it was planned on", "pattern 10");
        assertThat(node.status(volume)).isEqualTo("in-use");
        assertThat(node.backends.resets).isEmpty();
    }

    @Test
    void whatWasLeftBecauseItsHostWasSilentIsTriedAgainWhenThatIsWanted() {
        String silent = leftBehind("host-c");
        String used = leftBehind("host-a");
        agents.inGuest.add(used);
        String job = cli.create("--select", ids(silent, used), "--repair", "--apply");
        cli.run(0, "job", "watch", job);
        assertThat(cli.states(job)).isEqualTo(Map.of("skipped", 2L));

        agents.start("host-c");
        cli.run(0, "job", "retry-failed", job);
        cli.run(0, "job", "watch", job);

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L, "skipped", 1L));
        assertThat(node.status(silent)).isEqualTo("available");
        assertThat(node.status(used)).isEqualTo("in-use");
        assertThat(cli.run(8, "job", "retry-failed", job).err()).contains("no failed items");
    }

    @Test
    @Tag("slow")
    void aHostThatIsSilentWhenTheTurnComesIsWaitedFor() {
        String volume = leftBehind("host-b");
        String job = cli.create("--select", ids(volume), "--repair");
        cli.run(0, "job", "watch", job);
        assertThat(cli.states(job)).isEqualTo(Map.of("planned", 1L));
        agents.stop("host-b");

        cli.run(0, "job", "apply", job);
        cli.awaitStates(job, Map.of("waiting", 1L));
        assertThat(item(job, volume).path("detail").asString()).contains("pattern 30", "Silent: guest, host");
        agents.start("host-b");
        cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(cli.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(node.status(volume)).isEqualTo("available");
    }

    @Test
    void ofFortyOrphanAttachmentsOnlyThoseThatNobodyUsesAreTakenDown() {
        anAfternoon(28, 6, 6);
    }

    @Test
    @Tag("slow")
    void ofFourHundredToo() {
        anAfternoon(310, 30, 60);
    }

    /** An operator's afternoon: many attachments of servers that are gone, some of them really in use, a host dead. */
    private void anAfternoon(int freeOnes, int deadOnes, int usedOnes) {
        List<String> free = leftBehind(freeOnes, "host-a", "host-b");
        List<String> dead = leftBehind(deadOnes, "host-c");
        List<String> used = leftBehind(usedOnes, "host-a", "host-b");
        agents.inGuest.addAll(used.subList(0, usedOnes / 2)); // a guest of a deleted server runs
        agents.held.addAll(used.subList(usedOnes / 2, usedOnes * 2 / 3)); // a host holds a device
        Set<String> seen = Set.copyOf(used.subList(usedOnes * 2 / 3, usedOnes)); // the backend sees a client
        node.backends.seen = volume -> seen.contains(volume) ? List.of(client()) : List.of();
        List<String> untouched = Stream.concat(dead.stream(), used.stream()).toList();
        Set<Map<String, Object>> before = rows(untouched);

        String job = cli.create("--select", "state=in-use", "--repair", "--reason", "ticket 4711");
        cli.run(0, "job", "watch", job, "--for", "120");

        long planned = freeOnes;
        long refused = (long) deadOnes + usedOnes;
        assertThat(cli.states(job)).as(cli.report(job).toString())
                .isEqualTo(Map.of("planned", planned, "refused", refused));
        String plan = cli.run(0, "job", "report", job).out();
        assertThat(plan).contains(planned + " planned, " + refused + " refused",
                "  " + planned + " planned: pattern 9: The server is deleted",
                "  " + deadOnes + " refused: Volume VOLUME shows pattern 30");
        assertThat(plan.lines().count()).as(plan).isLessThan(60);
        assertThat(plan.lines().filter(line -> line.startsWith("  ") && line.contains("refused: ")))
                .allSatisfy(line -> assertThat(line).contains("Next: "));
        assertThat(node.backends.resets).isEmpty();

        cli.run(0, "job", "apply", job);
        cli.run(0, "job", "watch", job, "--for", "120");

        assertThat(cli.states(job)).as(cli.report(job).toString())
                .isEqualTo(Map.of("done", planned, "skipped", refused));
        assertThat(rows(untouched)).isEqualTo(before);
        assertThat(node.backends.resets).containsOnlyKeys(free);
        assertThat(free).allSatisfy(volume -> assertThat(node.status(volume)).isEqualTo("available"));
        assertThat(cli.run(0, "job", "report", job, "--csv", "--exit-code").out().lines())
                .hasSize(1 + freeOnes + deadOnes + usedOnes);
    }

    private JsonNode item(String job, String volume) {
        return cli.report(job)
                .path("items")
                .valueStream()
                .filter(item -> item.path("volume_id").asString().equals(volume))
                .findFirst()
                .orElseThrow();
    }

    private static String ids(String... volumes) {
        return "ids=" + String.join(",", volumes);
    }

    private List<String> leftBehind(int count, String... hosts) {
        List<String> volumes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            volumes.add(leftBehind(hosts[i % hosts.length]));
        }
        return volumes;
    }

    /** A volume whose server is deleted, and whose attachment is not. */
    private String leftBehind(String host) {
        String volume = cloud.volume(Map.of("status", "in-use", "attach_status", "attached"));
        cloud.attachment(volume, Map.of(
                "instance_uuid", cloud.instance(Map.of("deleted", 3, "host", host)), "attached_host", host,
                "connector", "{\"host\": \"" + host + "\"}"));
        return volume;
    }

    /** A volume that a running server has. */
    private String running() {
        String server = cloud.instance(Map.of("vm_state", "active", "power_state", 1));
        String volume = volumeOf(monitors.mapping(server, MovedMonitors.NEW));
        agents.inGuest.add(volume);
        node.backends.seen = asked -> asked.equals(volume) ? List.of(client()) : List.of();
        return volume;
    }

    /** A mapping of a stopped server that names an attachment which does not live. */
    private String namesLostAttachment() {
        String mapping = monitors.mapping(cloud.instance(), MovedMonitors.OLD);
        cloud.execute(cloud.nova(), "UPDATE block_device_mapping SET attachment_id = ? WHERE uuid = ?",
                UUID.randomUUID().toString(), mapping);
        return mapping;
    }

    private String volumeOf(String mapping) {
        return cloud.row(cloud.nova(), "SELECT volume_id FROM block_device_mapping WHERE uuid = ?", mapping)
                .get("volume_id")
                .toString();
    }

    private static BackendConnection client() {
        return new BackendConnection(
                Optional.empty(), Optional.of("host-a"), Answer.YES, Answer.YES, "a watcher");
    }

    /** All that is stored of these volumes. */
    private Set<Map<String, Object>> rows(List<String> volumes) {
        Set<Map<String, Object>> rows = new HashSet<>();
        for (String volume : volumes) {
            rows.addAll(cloud.rows(cloud.cinder(), "SELECT * FROM volumes WHERE id = ?", volume));
            rows.addAll(cloud.rows(cloud.cinder(), "SELECT * FROM volume_attachment WHERE volume_id = ?", volume));
            rows.addAll(cloud.rows(cloud.nova(), "SELECT * FROM block_device_mapping WHERE volume_id = ?", volume));
        }
        return rows;
    }
}
