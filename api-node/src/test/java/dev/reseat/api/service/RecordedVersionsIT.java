package dev.reseat.api.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.nova.ComputeServiceTable;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.testing.CloudFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Which version a nova-compute serves, by rows as Nova's services leave them. */
@Tag("database")
final class RecordedVersionsIT {
    private final CloudFixture cloud = CloudFixture.open();
    private final RecordedVersions versions =
            new RecordedVersions(Cells.of(cloud.database()), new ComputeServiceTable());

    @AfterEach
    void close() {
        cloud.close();
    }

    private void row(String host, String binary, int version, int deleted) {
        cloud.execute(
                cloud.nova(),
                "INSERT INTO services (host, \"binary\", topic, report_count, version, deleted)"
                        + " VALUES (?, ?, ?, 3, ?, ?)",
                host, binary, binary, version, deleted);
    }

    @Test
    void theRowOfTheHostsNovaComputeTells() {
        row("host-a", "nova-compute", 64, 0);
        row("host-a", "nova-conductor", 73, 0);
        row("host-b", "nova-compute", 71, 0);
        row("host-c", "nova-compute", 0, 0);
        row("host-d", "nova-compute", 71, 9);

        assertThat(versions.of("host-a")).contains(RpcVersion.of(6, 1));
        assertThat(versions.of("host-b")).contains(RpcVersion.of(6, 5));
        assertThat(versions.of("host-c")).as("it has written no version").isEmpty();
        assertThat(versions.of("host-d")).as("deleted").isEmpty();
        assertThat(versions.of("host-e")).as("no row").isEmpty();
    }

    @Test
    void whatHasChangedIsReadAgain() {
        row("host-a", "nova-compute", 66, 0);
        assertThat(versions.of("host-a")).contains(RpcVersion.of(6, 2));

        cloud.execute(cloud.nova(), "UPDATE services SET version = 67");

        assertThat(versions.of("host-a")).contains(RpcVersion.of(6, 3));
    }

    @Test
    void rowsThatCannotBeReadSayNothing() {
        row("host-a", "nova-compute", 64, 0);
        cloud.execute(cloud.nova(), "ALTER TABLE services RENAME TO away");

        assertThat(versions.of("host-a")).isEmpty();
    }
}
