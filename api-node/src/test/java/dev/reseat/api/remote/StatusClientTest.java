package dev.reseat.api.remote;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.contract.status.StatusRpc.TellStatus;
import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.client.ClientConfig;
import dev.reseat.rpc.client.RpcClient;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.runtime.Deadline;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Brokers that are there and take nothing, each of which would cost the others their time. */
final class StatusClientTest {
    private static final int CELLS = 4;
    private static final int QUESTIONS = 3 + CELLS;

    private final CountDownLatch asked = new CountDownLatch(QUESTIONS);
    private final RpcClient silent = new RpcClient(
            new Silent(asked), new EnvelopeCodec(WireMapper.create()),
            ClientConfig.withTimeout(Duration.ofSeconds(10)),
            new SimpleMeterRegistry());
    private final StatusClient client = new StatusClient(new AllBrokers() {
        @Override
        public RpcClient own() {
            return silent;
        }

        @Override
        public List<RpcClient> ofCells() {
            return Stream.generate(() -> silent).limit(CELLS).toList();
        }
    });

    @Test
    void allAreAskedAtTheSameTimeAndTogetherHaveOneDeadline() throws Exception {
        Deadline deadline = Deadline.after(Duration.ofSeconds(1));

        List<String> failures = client.ask(
                RequestContext.admin(), new TellStatus("q", "api-1"), deadline, Duration.ofSeconds(1));

        assertThat(failures).hasSize(QUESTIONS).allSatisfy(failure -> assertThat(failure).startsWith("reseat-"));
        // one after the other, those at the end would not have been begun when the time was over
        assertThat(asked.await(0, TimeUnit.SECONDS)).as("all were asked").isTrue();
    }

    private record Silent(CountDownLatch asked) implements Transport {
        @Override
        public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
            asked.countDown();
            return new Sending() {
                @Override
                public void abandon(String why) {
                    settled.accept(Optional.of(new RpcException.NotDelivered(why)));
                }

                @Override
                public boolean isRepeated() {
                    return false;
                }
            };
        }

        @Override
        public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
            throw new IllegalStateException("nobody listens here");
        }

        @Override
        public int consumers(String queue, Duration within) {
            return 0;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() {}
    }
}
