package dev.reseat.rpc.server;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.Delivery;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import dev.reseat.runtime.Service.Drained;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a server comes by its workers, and how it gives them back. */
@Timeout(60)
final class ServerSlotsTest {
    private static final Target TARGET = Target.of("nova", "compute");
    private static final int WORKERS = 2;

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final FailingTransport transport = new FailingTransport();
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(Duration.ofSeconds(20)), meters);
    private final Semaphore begun = new Semaphore(0);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final BlockingQueue<Integer> served = new LinkedBlockingQueue<>();

    record Numbered(int number) {}

    @AfterEach
    void close() {
        goOn.countDown();
        transport.close();
    }

    private RpcServer server(String name) {
        Endpoint endpoint = Endpoint.inDefaultNamespace(1, 0)
                .method("wait", Numbered.class, (_, args) -> await(args.number()))
                .method("echo", Numbered.class, (_, args) -> args.number())
                .build();
        var server = new RpcServer(
                transport, codec, TARGET.onServer(name), List.of(endpoint), new ServerConfig(WORKERS, false), meters);
        server.start();
        return server;
    }

    private int await(int number) {
        begun.release();
        try {
            assertThat(goOn.await(30, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        served.add(number);
        return number;
    }

    private PreparedCall prepared() {
        return client.prepare(TARGET);
    }

    private void castThatWait(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            prepared().cast(RequestContext.admin(), "wait", Map.of("number", i));
        }
        assertThat(begun.tryAcquire(WORKERS, 20, SECONDS)).isTrue();
    }

    private double running() {
        return meters.get("reseat.rpc.server.running").gauge().value();
    }

    @Test
    void aServerWhoseReceiverWaitsForAWorkerIsDrainedInTimeAndLeavesTheRestToOthers() throws Exception {
        RpcServer first = server("host-a");
        castThatWait(6);

        assertThat(first.drain(Duration.ofMillis(50))).isEqualTo(Drained.FORCED);
        assertThat(running()).isEqualTo(WORKERS);
        server("host-b");
        assertThat(begun.tryAcquire(WORKERS, 20, SECONDS)).isTrue();
        goOn.countDown();

        assertThat(first.drain(Duration.ofSeconds(20))).isEqualTo(Drained.CLEAN);
        assertThat(List.of(next(), next(), next(), next(), next(), next()))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5);
    }

    private int next() throws InterruptedException {
        return Optional.ofNullable(served.poll(20, SECONDS)).orElseThrow();
    }

    @Test
    void aServerStopsWhileItsMethodsRun() throws Exception {
        RpcServer server = server("host-a");
        castThatWait(6);

        server.stop();

        assertThat(served).isEmpty();
    }

    @Test
    void aTransportThatFailsAfterItHasTakenAnAnswerIsNotAskedForAnotherWorker() throws Exception {
        RpcServer server = server("host-a");
        transport.failing = true;

        int result = prepared().call(RequestContext.admin(), "echo", Map.of("number", 7), Integer.class);

        assertThat(result).isEqualTo(7);
        assertThat(transport.failed.await(20, SECONDS)).isTrue();
        transport.failing = false;
        castThatWait(WORKERS + 1);
        assertThat(running()).isEqualTo(WORKERS);
        assertThat(begun.tryAcquire(200, MILLISECONDS)).isFalse();
        server.stop();
    }

    @Test
    void aConnectionThatIsLostWhileRequestsAreTakenHoldsUpNoOther() throws Exception {
        RpcServer server = server("host-a");
        transport.losing = true;
        prepared().cast(RequestContext.admin(), "echo", Map.of("number", 6));
        assertThat(transport.lost.await(20, SECONDS)).isTrue();

        int result = prepared().call(RequestContext.admin(), "echo", Map.of("number", 7), Integer.class);

        assertThat(result).isEqualTo(7);
        assertThat(server.drain(Duration.ofSeconds(20))).as("no worker is missing").isEqualTo(Drained.CLEAN);
    }

    @Test
    void aHeartbeatThatCannotLeaveIsGivenUpWhenTheNextOneIsDue() throws Exception {
        var begunHeartbeats = new LinkedBlockingQueue<Stuck>();
        try (var _ = CallMonitor.start(2, () -> {
            var heartbeat = new Stuck(new CountDownLatch(1));
            begunHeartbeats.add(heartbeat);
            return Optional.of(heartbeat);
        })) {
            Stuck first = Optional.ofNullable(begunHeartbeats.poll(20, SECONDS)).orElseThrow();
            assertThat(first.abandoned().await(20, SECONDS)).isTrue();
        }
    }

    private record Stuck(CountDownLatch abandoned) implements Sending {
        @Override
        public void abandon(String why) {
            abandoned.countDown();
        }

        @Override
        public boolean isRepeated() {
            return false;
        }
    }

    /** Takes answers, says so, and fails then; loses the connection while requests are settled. */
    private static final class FailingTransport implements Transport {
        private final Transport memory = new MemoryTransport(new MemoryBroker());
        private final CountDownLatch failed = new CountDownLatch(1);
        private volatile boolean failing;
        private final CountDownLatch lost = new CountDownLatch(1);
        private volatile boolean losing;

        @Override
        public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
            Sending sending = memory.publish(address, message, settled);
            if (failing && address instanceof Address.Queue) {
                failed.countDown();
                throw new IllegalStateException("failing, as the test wants it");
            }
            return sending;
        }

        @Override
        public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
            return memory.listenInBatches(source, arrivals -> receiver.accept(losing ? new Lost(arrivals) : arrivals));
        }

        /** Nothing of it can be settled any more. */
        private final class Lost implements Arrivals {
            private final Arrivals arrivals;

            Lost(Arrivals arrivals) {
                this.arrivals = arrivals;
                losing = false;
            }

            @Override
            public boolean mayBlock() {
                return arrivals.mayBlock();
            }

            @Override
            public Optional<Delivery> poll() {
                return arrivals.poll();
            }

            @Override
            public void together(Runnable settling) {
                arrivals.together(settling);
                lost.countDown();
                throw new IllegalStateException("lost, as the test wants it");
            }
        }

        @Override
        public int consumers(String queue, Duration within) {
            return memory.consumers(queue, within);
        }

        @Override
        public boolean isConnected() {
            return memory.isConnected();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
