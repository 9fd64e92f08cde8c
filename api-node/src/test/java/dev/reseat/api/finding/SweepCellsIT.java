package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.broker.LoopbackPorts;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.NovaApiDatabase;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Sweeps over two of Nova's cells, of which the database of one goes away. */
@Tag("database")
class SweepCellsIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String HERE = "project-of-one-cell";
    private static final String BOTH = "project-of-both-cells";

    private final CloudFixture first = CloudFixture.open();
    private final CloudFixture second = CloudFixture.open();

    @Tag("slow")
    @Test
    void aCellThatIsDownLeavesUnknownWhatIsItsAndTheSweepGoesOn() {
        try (NovaApiDatabase api = NovaApiDatabase.open(); second) {
            String cell1 = cell(api, "cell1", first);
            String cell2 = cell(api, "cell2", second);
            api.host(cell1, "host-a");
            api.host(cell2, "host-c");
            try (SweepCloud node = new SweepCloud(first, SweepCloud.MEMORY, """
                    cell_interval = 1
                    [api_database]
                    connection = %s
                    """.formatted(api.url().connection()), false)) {
                String here = attached(node, api, cell1, first, "host-a", HERE);
                String there = attached(node, api, cell2, second, "host-c", BOTH);
                String free = node.detached();
                project(free, HERE);
                String leaked = node.detached();
                project(leaked, BOTH);
                node.storage.exports.put(leaked, "host-b");
                await("reseat.finding", "volume_id = '" + leaked + "' AND pattern = '12' AND sweeps > 1");
                assertThat(node.findings()).containsOnlyKeys(leaked);

                api.move(cell2, "postgresql://nova@127.0.0.1:" + LoopbackPorts.reserve() + "/nova");
                await("reseat.sweep", "state = 'done' AND silent_cells LIKE '%cell2%'");

                assertThat(node.findings("--pattern", "30")).containsOnlyKeys(there, leaked);
                assertThat(node.findings("--pattern", "12")).as("not gone").containsOnlyKeys(leaked);
                assertThat(node.findings()).doesNotContainKeys(here, free);
                JsonNode sweep = node.list()
                        .path("sweeps")
                        .valueStream()
                        .filter(one -> one.path("state").asString().equals("done"))
                        .findFirst()
                        .orElseThrow();
                assertThat(sweep.path("silent_cells").propertyNames()).containsExactly("cell2");
                assertThat(node.cli.run(4, "findings", "list", "--exit-code", "--project", HERE).err())
                        .contains("silent cells: cell2");
            }
        }
    }

    private static String cell(NovaApiDatabase api, String name, CloudFixture cloud) {
        return api.cell(name, SweepCloud.MEMORY, NovaApiDatabase.connection(cloud.databases().nova()));
    }

    /** A volume of a running server of that cell. */
    private String attached(
            SweepCloud node, NovaApiDatabase api, String cell, CloudFixture nova, String host, String project) {
        String instance = nova.instance(Map.of("host", host, "vm_state", "active", "power_state", 1));
        api.instance(cell, instance, project);
        String volume = first.volume(Map.of("status", "in-use", "attach_status", "attached", "project_id", project));
        String attachment = first.attachment(volume, Map.of(
                "attached_host", host, "instance_uuid", instance, "connector", "{\"host\": \"" + host + "\"}"));
        node.storage.stored.add(SweepCloud.BACKEND + " " + volume);
        node.storage.exports.put(volume, host);
        node.storage.guests.put(host + " " + volume, instance);
        nova.blockDevice(instance, volume, Map.of("attachment_id", attachment));
        return volume;
    }

    private void project(String volume, String project) {
        first.execute(first.cinder(), "UPDATE volumes SET project_id = ? WHERE id = ?", project, volume);
    }

    private void await(String table, String condition) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (first.row(first.cinder(),
                "SELECT count(*) AS n FROM pg_sleep(0.05), " + table + " WHERE " + condition)
                .get("n")
                .equals(0L)) {
            assertThat(System.nanoTime()).as(condition).isLessThan(end);
        }
    }
}
