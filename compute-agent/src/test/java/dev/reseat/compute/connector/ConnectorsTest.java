package dev.reseat.compute.connector;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a host holds over several protocols, some of which do not answer. */
final class ConnectorsTest {
    private static final String ID = "11111111-2222-3333-4444-555555555555";

    private final CountDownLatch open = new CountDownLatch(1);

    @AfterEach
    void release() {
        open.countDown();
    }

    /** Lists one volume; one that hangs does so only when it is let go. */
    private final class Listing implements VolumeConnector<ConnectionInfo.Local> {
        private final boolean hangs;

        Listing(boolean hangs) {
            this.hangs = hangs;
        }

        @Override
        public Class<ConnectionInfo.Local> handles() {
            return ConnectionInfo.Local.class;
        }

        @Override
        public Device connect(ConnectionInfo.Local connection, Deadline deadline) {
            throw new ConnectorException.Failed("nobody asks for it");
        }

        @Override
        public void disconnect(ConnectionInfo.Local connection, Deadline deadline) {
            throw new ConnectorException.Failed("nobody asks for it");
        }

        @Override
        public Inspection inspect(ConnectionInfo.Local connection) {
            return Inspection.unknown("nobody asks for it");
        }

        @Override
        public HostInventory.Result inventory() {
            try {
                if (hangs) {
                    open.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new HostInventory.Result(
                    List.of(new HostInventory.Held("local", "volume-" + ID, Answer.YES, "held")), Optional.empty(),
                    List.of());
        }
    }

    @Test
    void oneThatHangsTakesNoTimeOfTheOthers() {
        var connectors = new Connectors(Map.of(
                "a", new Listing(true), "b", new Listing(true), "c", new Listing(true), "d", new Listing(false)));

        HostInventory.Result seen = connectors.inventory(Deadline.after(Duration.ofSeconds(2)));

        assertThat(seen.held()).extracting(HostInventory.Held::name).containsExactly("volume-" + ID);
        assertThat(seen.blind()).hasSize(3).allSatisfy(why -> assertThat(why).contains("not come back in time"));
    }
}
