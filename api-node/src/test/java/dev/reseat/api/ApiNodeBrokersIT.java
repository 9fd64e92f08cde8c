package dev.reseat.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.cell.CellMappingTable;
import dev.reseat.api.store.cell.Cells;
import dev.reseat.api.store.cell.CellsConfig;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.rpc.wiring.Rpc;
import dev.reseat.rpc.wiring.RpcConfig;
import dev.reseat.runtime.Service;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.CloudFixture;
import dev.reseat.testing.NovaApiDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Brokers that Nova's {@code cell_mappings} names. */
@Tag("database")
final class ApiNodeBrokersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RpcConfig CONFIG =
            RpcConfig.from(Settings.parse("[DEFAULT]\ntransport_url = memory://\n"));

    private final BlockingQueue<String> connected = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();

    private static Rpc rpc() {
        return new Rpc(new MemoryTransport(new MemoryBroker()), CONFIG, new SimpleMeterRegistry());
    }

    private Rpc connect(TransportUrl url) {
        connected.add(url.hosts().getFirst().user());
        return rpc();
    }

    /** Tells when the connection that it is served on is given up. */
    private List<Service> served(Rpc rpc) {
        return List.of(new Service() {
            @Override
            public void start() {
                // nothing to serve
            }

            @Override
            public void stop() {
                ended.add("ended");
            }
        });
    }

    private static String next(BlockingQueue<String> queue) throws InterruptedException {
        return queue.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void aChangedLoginIsFollowedAndTwoCellsOfOneBrokerShareOne() throws Exception {
        try (CloudFixture cloud = CloudFixture.open(); NovaApiDatabase api = NovaApiDatabase.open()) {
            String rows = NovaApiDatabase.connection(cloud.databases().nova());
            String first = api.cell("cell1", "rabbit://old:x@mq-1:5672/", rows);
            String second = api.cell("cell2", "rabbit://other:x@mq-1:5672/", rows);
            api.host(first, "host-a");
            Database database = new Database(api.config(cloud.databases().cinder(), PATIENCE));
            Cells cells = new Cells(
                    database, new CellsConfig(Optional.empty(), Optional.empty(), Duration.ofMillis(50), PATIENCE),
                    new CellMappingTable());
            Rpc own = rpc();
            ApiNodeBrokers brokers = new ApiNodeBrokers(
                    own, TransportUrl.parse("rabbit://me:x@mq-0:5672/"), cells, PATIENCE, this::connect);
            brokers.serve(this::served);
            database.start();
            cells.start();
            brokers.start();
            try {
                assertThat(next(connected)).isEqualTo("old");
                var before = brokers.of("host-a");

                api.login(second, "rabbit://old:x@mq-1:5672/");
                api.login(first, "rabbit://new:x@mq-1:5672/");
                api.login(second, "rabbit://new:x@mq-1:5672/");

                assertThat(next(connected)).isEqualTo("new");
                assertThat(next(ended)).isEqualTo("ended");
                assertThat(brokers.of("host-a")).isNotSameAs(before);
                assertThat(connected).isEmpty();
            } finally {
                brokers.stop();
                cells.stop();
                database.stop();
                own.stop();
            }
        }
    }
}
