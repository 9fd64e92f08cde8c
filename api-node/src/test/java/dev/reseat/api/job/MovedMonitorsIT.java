package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.testing.CloudFixture;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Ceph's monitors have moved: who carries the old address is refreshed, stopped instances now and others later. */
@Tag("database")
class MovedMonitorsIT {
    private static final String OLD = MovedMonitors.OLD;

    private JobCloud node;
    private CloudFixture cloud;
    private MovedMonitors moved;

    @BeforeEach
    void open() {
        node = new JobCloud();
        cloud = node.cloud;
        moved = new MovedMonitors(node);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    void stoppedInstancesAreRefreshedAndRunningOnesWhenTheyStop() {
        String stopped = cloud.instance();
        String running = cloud.instance(Map.of("vm_state", "active", "power_state", 1));
        String first = moved.mapping(stopped, OLD);
        String second = moved.mapping(running, OLD);
        String other = moved.mapping(cloud.instance(), "192.0.2.100"); // the old one is a part of its text
        String damaged = cloud.volume("in-use");
        cloud.blockDevice(cloud.instance(), damaged, Map.of("connection_info", "{\"driver_volume_type\": 7"));

        String job = node.cli.create("--select", "address=" + OLD, "--refresh", "--stop-start", "never", "--apply");
        assertThat(node.cli.show(job).at("/notes/0").asString()).contains("cannot be read", damaged);
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "8").err()).contains("1 held, 1 done");
        assertThat(node.cli.run(0, "job", "report", job, "--state", "held").out())
                .contains("will fail at its next start", running);
        assertThat(moved.info(first)).contains(MovedMonitors.NEW).doesNotContain(OLD);
        assertThat(moved.info(second)).contains(OLD);

        cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = 'stopped', power_state = 4 WHERE uuid = ?",
                running);
        node.cli.run(0, "job", "watch", job);

        assertThat(node.cli.states(job)).isEqualTo(Map.of("done", 2L));
        assertThat(node.cli.run(8, "job", "undo", job).err()).contains("cannot be undone");
        assertThat(moved.info(second)).contains(MovedMonitors.NEW).doesNotContain(OLD);
        assertThat(moved.info(other)).contains("192.0.2.100");
    }

    @Test
    void guestsThatRunOverTheOldAddressAreToldOfWhateverTheRowsSay() {
        String running = cloud.instance(Map.of("vm_state", "active", "power_state", 1, "host", "host-a"));
        String left = cloud.instance(Map.of("host", "host-b"));
        String silent = cloud.instance(Map.of("host", "host-z"));
        moved.mapping(running, OLD);
        node.agents.overAddress = (host, address) -> address.equals(OLD)
                ? Stream.of(new GuestsByAddress.Use(
                        host.equals("host-a") ? running : left, "volumes/v", Answer.of(host.equals("host-a")),
                        Answer.YES))
                : Stream.empty();

        String job = node.cli.create("--address", OLD, "--refresh");

        String notes = node.cli.show(job).path("notes").toString();
        assertThat(notes).contains("that run over that", "instance " + running + " on host-a")
                .contains("do not run", "instance " + left + " on host-b")
                .contains("not known of: host-z")
                .doesNotContain(silent);
        assertThat(node.cli.run(0, "job", "report", job).out()).contains("that run over that");
        cloud.execute(cloud.nova(), "UPDATE block_device_mapping SET deleted = id");
        cloud.execute(cloud.cinder(), "UPDATE volume_attachment SET deleted = true");
        assertThat(node.cli.run(4, "job", "create", "--address", OLD, "--refresh").err())
                .contains("selects nothing", "instance " + running + " on host-a");
    }

    @Test
    void theJobStaysOpenForWeeksAndOverARestart() {
        String running = cloud.instance(Map.of("vm_state", "active", "power_state", 1));
        String mapping = moved.mapping(running, OLD);
        String job = node.cli.create("--select", "address=" + OLD, "--refresh", "--apply");
        assertThat(node.cli.run(10, "job", "watch", job, "--for", "3").err()).contains("1 held");

        JobCli again = node.restarted();
        cloud.execute(cloud.cinder(), "UPDATE reseat.job SET created_at = created_at - INTERVAL '30 days',"
                + " applied_at = applied_at - INTERVAL '30 days', resumed_at = resumed_at - INTERVAL '30 days'");
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET fresh_until = fresh_until - INTERVAL '30 days'");
        assertThat(again.run(10, "job", "watch", job, "--for", "3").err()).contains("1 held");
        assertThat(moved.info(mapping)).contains(OLD);
        cloud.execute(cloud.nova(), "UPDATE instances SET vm_state = 'stopped', power_state = 4 WHERE uuid = ?",
                running);

        again.run(0, "job", "watch", job);

        assertThat(again.states(job)).isEqualTo(Map.of("done", 1L));
        assertThat(moved.info(mapping)).contains(MovedMonitors.NEW).doesNotContain(OLD);
    }

    @Test
    void anItemThatCannotBeReadIsRefusedAndKeepsNoOtherFromBeingPlanned() {
        moved.mapping(cloud.instance(), OLD);
        moved.mapping(cloud.instance(), OLD);
        String job = node.cli.create("--select", "address=" + OLD, "--refresh");
        node.cli.run(0, "job", "watch", job);
        cloud.execute(cloud.cinder(), "UPDATE reseat.job_item SET instance_id = NULL WHERE position = 0");

        node.cli.run(0, "job", "plan", job);
        node.cli.run(0, "job", "watch", job, "--for", "60");

        assertThat(node.cli.states(job)).isEqualTo(Map.of("refused", 1L, "planned", 1L));
        assertThat(node.cli.report(job).at("/items/0/detail").asString()).contains("cannot be planned");
    }

    @Test
    void instancesAreStoppedOnlyWhereThatWasSaidAndOnlyForARefresh() {
        String volume = cloud.volume("error");

        assertThat(node.cli.run(2, "job", "create", "--select", "address=" + OLD, "--refresh", "--stop-start", "always")
                .err()).contains("never or if-running");
        assertThat(node.cli.run(2, "job", "create", "--select", "ids=" + volume, "--reset-state", "available",
                "--stop-start", "if-running").err()).contains("goes with refresh alone");
    }
}
