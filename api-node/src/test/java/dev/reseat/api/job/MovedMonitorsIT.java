package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.CloudFixture;
import java.util.Map;
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
}
