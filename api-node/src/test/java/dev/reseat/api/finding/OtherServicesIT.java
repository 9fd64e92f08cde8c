package dev.reseat.api.finding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Another service, in Python with oslo.messaging, reads findings and has volumes repaired, as the manual shows it. */
@Tag("database")
@Tag("broker")
class OtherServicesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void findingsAreReadAndVolumesRepairedOverRpc() throws Exception {
        String url = RabbitBroker.running().transportUrl();
        try (SweepCloud node = SweepCloud.overBroker(url)) {
            String leaked = node.detached();
            node.storage.exports.put(leaked, "host-b");
            String other = node.detached();
            node.storage.sweep();

            try (PythonPeer service = PythonPeer.start("repair_client.py", url, leaked, other)) {
                assertThat(service.line()).isEqualTo(leaked + " 12 done");
                assertThat(service.line()).isEqualTo("0 Invalid");
                assertThat(service.line()).isEqualTo("12 InvalidInput NotFound");
                assertThat(service.line()).isEqualTo("ignored");
                assertThat(service.line()).isEqualTo("new");
                assertThat(service.line()).isEqualTo("leaked export");
                assertThat(service.line()).isEqualTo("take_down None");
                assertThat(service.line()).isEqualTo("N12 cannot be undone");
                assertThat(service.line()).isEqualTo("Conflict");
                assertThat(service.line()).startsWith("reset to available / ");
                assertThat(service.line()).isEqualTo("NotFound NotFound Invalid Forbidden");
                assertThat(service.line()).isEqualTo("Invalid");
                assertThat(service.line()).isEqualTo("cast");
            }

            assertThat(node.storage.resets).contains(leaked);
            assertThat(node.cloud.row(node.cloud.cinder(), "SELECT migration_status FROM volumes WHERE id = ?", other)
                    .get("migration_status")).isEqualTo("success");
            awaitStatus(node, other, "error");
        }
    }

    private static void awaitStatus(SweepCloud node, String volume, String status) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!node.cloud.row(node.cloud.cinder(), "SELECT status FROM volumes, pg_sleep(0.05) WHERE id = ?", volume)
                .get("status")
                .equals(status)) {
            assertThat(System.nanoTime()).as("the cast was carried out").isLessThan(end);
        }
    }
}
