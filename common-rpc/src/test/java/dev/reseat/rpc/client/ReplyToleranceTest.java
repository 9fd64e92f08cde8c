package dev.reseat.rpc.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.WireMapper;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.rpc.transport.memory.MemoryTransport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replies that are not quite as they should be: what Python's client makes of them, or better. */
final class ReplyToleranceTest {
    private static final Target TARGET = Target.of("nova", "compute").onServer("host-a");
    private static final Duration WITHIN = Duration.ofSeconds(10);

    private final EnvelopeCodec codec = new EnvelopeCodec(WireMapper.create());
    private final Transport transport = new MemoryTransport(new MemoryBroker());
    private final RpcClient client =
            new RpcClient(transport, codec, ClientConfig.withTimeout(WITHIN), new SimpleMeterRegistry());

    @AfterEach
    void close() {
        client.close();
        transport.close();
    }

    /** A peer that answers every call with these messages; ID stands for the id of the call. */
    private void answering(String... replies) {
        transport.listen(new ListenAddress.Server("nova", "compute", "host-a"), delivery -> {
            delivery.acknowledge();
            var request = (Message.Request) codec.decode(delivery.body());
            Message.ReplyTo to = request.reply().orElseThrow();
            for (String reply : replies) {
                String text = reply.replace('\'', '"').replace("ID", "\"" + to.id().value() + "\"");
                transport.send(new Address.Queue(to.queue().orElseThrow()), Outgoing.of(text.getBytes(UTF_8)), WITHIN);
            }
        });
    }

    private String call() {
        return client.prepare(TARGET).call(RequestContext.admin(), "m", Map.of(), String.class);
    }

    @Test
    void anUnknownIdIsIgnored() {
        answering(
                "{'_msg_id': 'other', 'result': 'no', 'failure': null, 'ending': true}",
                "{'_msg_id': ID, 'result': 'yes', 'failure': null, 'ending': true}");

        assertThat(call()).isEqualTo("yes");
    }

    @Test
    void noResultIsNull() {
        answering("{'_msg_id': ID, 'failure': null, 'ending': true}");

        assertThat(call()).isNull();
    }

    @Test
    void noFailureIsNone() {
        answering("{'_msg_id': ID, 'result': 'yes', 'ending': true}");

        assertThat(call()).isEqualTo("yes");
    }

    @Test
    void noEndIsWaitedFor() {
        answering("{'_msg_id': ID, 'result': 'yes', 'failure': null}");
        var hasty = client.prepare(TARGET).timeout(Duration.ofMillis(200));

        assertThatThrownBy(() -> hasty.call(RequestContext.admin(), "m", Map.of(), String.class))
                .isInstanceOf(RpcException.OutcomeUnknown.class);
    }

    @Test
    void theResultMayComeBeforeTheEnd() {
        answering(
                "{'_msg_id': ID, 'result': 'yes', 'failure': null, 'ending': false}",
                "{'_msg_id': ID, 'result': null, 'failure': null, 'ending': true}");

        assertThat(call()).isEqualTo("yes");
    }

    @Test
    void theFailureMayComeBeforeTheEnd() {
        answering(
                "{'_msg_id': ID, 'result': null, 'failure': '{\\'class\\': \\'Gone\\'}', 'ending': false}",
                "{'_msg_id': ID, 'result': null, 'failure': null, 'ending': true}");

        assertThatThrownBy(this::call).isInstanceOfSatisfying(
                RpcException.RemoteFailure.class, e -> assertThat(e.type()).isEqualTo("Gone"));
    }

    @Test
    void aBrokenReplyDoesNotStopTheListener() {
        answering("not json", "[]", "{'_msg_id': 5, 'result': 1, 'failure': null, 'ending': true}",
                "{'_msg_id': '', 'result': 1, 'failure': null, 'ending': true}",
                "{'_msg_id': ID, 'result': 'yes', 'failure': null, 'ending': true}");

        assertThat(call()).isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'class': 'Gone', 'module': 'm', 'message': 'x'}", "'not json'", "'[]'", "5", "['x']"})
    void aFailureThatCannotBeReadIsStillAFailure(String failure) {
        answering("{'_msg_id': ID, 'result': null, 'failure': " + failure + ", 'ending': true}");

        assertThatThrownBy(this::call).isInstanceOf(RpcException.RemoteFailure.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "''", "{}", "[]", "0", "false"})
    void whatPythonTakesForFalseIsNoFailure(String failure) {
        answering("{'_msg_id': ID, 'result': 'yes', 'failure': " + failure + ", 'ending': true}");

        assertThat(call()).isEqualTo("yes");
    }
}
