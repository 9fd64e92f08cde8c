package dev.reseat.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.Arrivals;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Sending;
import dev.reseat.rpc.transport.Transport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What was written twice is flagged, whatever it was and however it ended. */
final class RepeatedSendingTest {
    private static final RequestContext CONTEXT = RequestContext.admin();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void aCastThatWasSentTwiceIsFlagged() {
        calling(true, Optional.empty()).cast(CONTEXT, "keep", Map.of());

        assertThat(flagged()).isEqualTo(1);
    }

    @Test
    void aFanoutThatWasSentTwiceIsFlagged() {
        calling(true, Optional.empty()).fanout(CONTEXT, "keep", Map.of());

        assertThat(flagged()).isEqualTo(1);
    }

    @Test
    void soIsWhatThenFailed() {
        PreparedCall call = calling(true, Optional.of(new RpcException.OutcomeUnknown("no confirm")));

        assertThatThrownBy(() -> call.cast(CONTEXT, "keep", Map.of())).isInstanceOf(RpcException.OutcomeUnknown.class);
        assertThat(flagged()).isEqualTo(1);
        assertThatThrownBy(() -> call.call(CONTEXT, "keep", Map.of(), Void.class))
                .isInstanceOf(RpcException.OutcomeUnknown.class);
        assertThat(flagged()).isEqualTo(2);
    }

    @Test
    void whatWasSentOnceIsNot() {
        PreparedCall call = calling(false, Optional.empty());

        call.cast(CONTEXT, "keep", Map.of());
        call.fanout(CONTEXT, "keep", Map.of());

        assertThat(meters.find("reseat.rpc.client.repeated").counters()).isEmpty();
    }

    private double flagged() {
        return meters.get("reseat.rpc.client.repeated").tags("topic", "compute", "method", "keep").counter().count();
    }

    private PreparedCall calling(boolean repeated, Optional<RpcException> failure) {
        var client = new RpcClient(
                new Settling(repeated, failure),
                new EnvelopeCodec(WireMapper.create()),
                ClientConfig.withTimeout(Duration.ofSeconds(10)),
                meters);
        return client.prepare(Target.of("nova", "compute"));
    }

    /** Settles every message at once. */
    private record Settling(boolean repeated, Optional<RpcException> failure) implements Transport {
        @Override
        public Sending publish(Address address, Outgoing message, Consumer<Optional<RpcException>> settled) {
            settled.accept(failure);
            return new Sending() {
                @Override
                public void abandon(String why) {}

                @Override
                public boolean isRepeated() {
                    return repeated;
                }
            };
        }

        @Override
        public Listener listenInBatches(ListenAddress source, Consumer<Arrivals> receiver) {
            return new Listener() {
                @Override
                public void stop() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public int consumers(String queue, Duration within) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public void close() {}
    }
}
