package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import dev.reseat.testing.RabbitBroker;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the broker has agreed on with a process of ours, beside what it has with a Python one. */
@Tag("broker")
final class SessionIT {
    private static final String OURS = "reseat-" + UUID.randomUUID();
    private static final List<String> CAPABILITIES =
            List.of("authentication_failure_close", "connection.blocked", "consumer_cancel_notify");

    private final Target theirs = Wire.fresh();
    private final Target ours = Wire.fresh();
    private Wire wire;
    private OsloPeer python;
    private RpcServer server;

    /** A server and a client in each process, and a call of each to itself. */
    @BeforeEach
    void open() {
        wire = new Wire("", OURS);
        python = OsloPeer.connect(wire.url());
        python.serve(theirs.exchange(), theirs.topic(), theirs.server().orElseThrow());
        python.call(theirs, "echo", Map.of("value", 1));
        server = wire.serve(ours, new SameMethods().endpoints());
        wire.client().prepare(ours).call(RequestContext.admin(), "echo", Map.of("value", 1), Integer.class);
    }

    @AfterEach
    void close() {
        server.stop();
        python.close();
        wire.close();
    }

    @Test
    void whatIsAgreedOnIsWhatPythonAgreesOn() {
        List<String> all = RabbitBroker.restartable()
                .own()
                .control("list_connections", "protocol", "auth_mechanism", "timeout", "frame_max", "channel_max",
                        "client_properties")
                .lines()
                .toList();
        List<String> pythons = all.stream().filter(line -> line.contains("{\"product\",\"py-amqp\"}")).toList();
        List<String> ourselves = all.stream().filter(line -> line.contains(OURS)).toList();

        assertThat(ourselves).as("one for all that is sent, one for replies, one for the server").hasSize(3);
        assertThat(pythons).isNotEmpty();
        assertThat(ourselves.stream().map(SessionIT::terms).distinct())
                .containsExactlyElementsOf(pythons.stream().map(SessionIT::terms).distinct().toList());
        for (String capability : CAPABILITIES) {
            String shown = "{\"" + capability + "\",true}";
            assertThat(pythons).allSatisfy(line -> assertThat(line).contains(shown));
            assertThat(ourselves).allSatisfy(line -> assertThat(line).contains(shown));
        }
    }

    private static String terms(String line) {
        return line.substring(0, line.lastIndexOf('\t'));
    }
}
