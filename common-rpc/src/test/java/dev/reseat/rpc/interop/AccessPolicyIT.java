package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.Target;
import dev.reseat.rpc.server.Endpoint;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.rpc.server.ServerConfig;
import dev.reseat.testing.OsloPeer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/**
 * A list of methods stands for each of upstream's access policies: a Python client cannot tell our server from a Python
 * one that has the policy.
 */
@Tag("broker")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AccessPolicyIT {
    private static final String PING = "oslo_rpc_server_ping";
    private static final String EXPLICIT = "ExplicitRPCAccessPolicy";
    private static final List<String> METHODS =
            List.of("public", "_private", "exposed", "_exposed", "missing", "_missing", "", PING);

    private final Wire wire = new Wire();
    private OsloPeer python;

    /**
     * An access policy of upstream's.
     *
     * @param name its class
     * @param answers the methods it lets pass, which are listed here, and what they answer
     */
    record Policy(String name, Map<String, String> answers) {
        private Endpoint endpoint() {
            Endpoint.Builder endpoint = Endpoint.inDefaultNamespace(1, 0);
            answers.forEach((method, answer) -> endpoint.method(method, Map.class, (_, _) -> answer));
            return endpoint.build();
        }
    }

    static Stream<Policy> policies() {
        return Stream.of(
                new Policy("LegacyRPCAccessPolicy", Map.of("public", "public", "_private", "private",
                        "exposed", "exposed", "_exposed", "private and exposed")),
                new Policy("DefaultRPCAccessPolicy", Map.of("public", "public", "exposed", "exposed")),
                new Policy(EXPLICIT, Map.of("public", "of the second", "exposed", "exposed",
                        "_exposed", "private and exposed")));
    }

    @BeforeAll
    void start() {
        python = OsloPeer.connect(wire.url());
    }

    @AfterAll
    void stop() {
        python.close();
        wire.close();
    }

    private Map<String, OsloPeer.Answer> answers(Target target, List<String> methods) {
        Map<String, OsloPeer.Answer> answers = new TreeMap<>();
        methods.forEach(method -> answers.put(method, withoutTrace(python.call(target, method, Map.of()))));
        return answers;
    }

    /** Python's text has the traceback of its server in it. */
    private static OsloPeer.Answer withoutTrace(OsloPeer.Answer answer) {
        if (answer.failed()) {
            assertThat(answer.type()).isEqualTo("RemoteError");
            ((ObjectNode) answer.error()).remove("text");
        }
        return answer;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aListOfMethodsAnswersAsThePolicyDoes(Policy policy) {
        Target theirs = Wire.fresh();
        Target ours = Wire.fresh();
        python.serveGuarded(theirs, policy.name(), false);
        RpcServer server = wire.serve(ours, List.of(policy.endpoint()), new ServerConfig(8, false));

        Map<String, OsloPeer.Answer> answers = answers(theirs, METHODS);

        assertThat(answers.values().stream().filter(answer -> !answer.failed()))
                .hasSameSizeAs(policy.answers().keySet());
        assertThat(answers(ours, METHODS)).isEqualTo(answers);
        server.stop();
    }

    /** Upstream's endpoint for it is not exposed, so its own policy hides it. */
    @ParameterizedTest
    @MethodSource("policies")
    void pingIsAnsweredUnderEveryPolicyButUpstreamsExplicitOne(Policy policy) {
        Target theirs = Wire.fresh();
        Target ours = Wire.fresh();
        python.serveGuarded(theirs, policy.name(), true);
        RpcServer server = wire.serve(ours, List.of(policy.endpoint()), new ServerConfig(8, true));

        assertThat(python.call(ours, PING, Map.of()).result().stringValue()).isEqualTo("pong");
        assertThat(python.call(theirs, PING, Map.of()).failed()).isEqualTo(policy.name().equals(EXPLICIT));
        server.stop();
    }
}
