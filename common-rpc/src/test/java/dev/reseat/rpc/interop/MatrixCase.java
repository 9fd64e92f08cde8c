package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.interop.Side.Outcome;
import dev.reseat.rpc.interop.Side.Terms;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** One row of the matrix: what is done, and what must come of it whoever does it. */
enum MatrixCase {
    CALL {
        @Override
        void run(Side client, Side server, Target target) {
            Map<String, Object> value = new HashMap<>();
            value.put("text", "Žluťoučký 音量 \uD83D\uDC18 \"quoted\"\n\u0001");
            value.put("list", Arrays.asList(1, -2.5, 9_007_199_254_740_993L, true, null, Map.of("a.b", List.of())));

            Outcome outcome = client.call(target, "echo", Map.of("value", value), Terms.USUAL);

            assertThat(outcome.failure()).isEmpty();
            assertThat(outcome.result()).isEqualTo(new JsonMapper().valueToTree(value));
        }
    },
    CALL_TO_THE_TOPIC {
        @Override
        void run(Side client, Side server, Target target) {
            assertResult(client.call(anyServer(target), "echo", Map.of("value", "any"), Terms.USUAL), "any");
        }
    },
    NULL_RESULT {
        @Override
        void run(Side client, Side server, Target target) throws Exception {
            Outcome outcome = client.call(target, "keep", Map.of("text", "null"), Terms.USUAL);

            assertThat(outcome.failure()).isEmpty();
            assertThat(outcome.result().isNull()).isTrue();
            assertThat(server.kept()).isEqualTo("null");
        }
    },
    LARGE_CALL {
        @Override
        void run(Side client, Side server, Target target) {
            String large = "é".repeat(2 << 20);

            assertResult(client.call(target, "echo", Map.of("value", large), Terms.USUAL), large);
        }
    },
    CAST {
        @Override
        void run(Side client, Side server, Target target) throws Exception {
            client.cast(target, "keep", Map.of("text", "to the server"));

            assertThat(server.kept()).isEqualTo("to the server");
        }
    },
    CAST_TO_THE_TOPIC {
        @Override
        void run(Side client, Side server, Target target) throws Exception {
            client.cast(anyServer(target), "keep", Map.of("text", "to any server"));

            assertThat(server.kept()).isEqualTo("to any server");
        }
    },
    FANOUT {
        @Override
        void run(Side client, Side server, Target target) throws Exception {
            Target both = Wire.fresh();
            server.serve(both);
            server.serve(both.onServer("host-b"));

            client.fanout(both, "keep", Map.of("text", "to both"));

            assertThat(List.of(server.kept(), server.kept())).containsOnly("to both");
        }
    },
    FAILURE {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "refuse", Map.of("text", "no é"), Terms.USUAL), "ValueError", "no é");
        }
    },
    FAILURE_OF_AN_ALLOWED_MODULE {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "lookup", Map.of("volume_id", "v1"), Terms.USUAL),
                    "VolumeNotFound", "Volume v1 could not be found.");
        }
    },
    EXPECTED_EXCEPTION {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "expected", Map.of("volume_id", "v2"), Terms.USUAL),
                    "VolumeNotFound", "Volume v2 could not be found.");
        }
    },
    TIMEOUT {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "rest", Map.of("seconds", 3), new Terms(1, 0)),
                    "MessagingTimeout", "Timed out waiting for a reply to message ID ");
        }
    },
    MONITORED_LONG_CALL {
        @Override
        void run(Side client, Side server, Target target) {
            assertResult(client.call(target, "rest", Map.of("seconds", 3), new Terms(30, 2)), "rested");
        }
    },
    UNKNOWN_METHOD {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "nosuch", Map.of(), Terms.USUAL),
                    "NoSuchMethod", "Endpoint does not support RPC method nosuch");
        }
    },
    PRIVATE_METHOD {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "_private", Map.of(), Terms.USUAL),
                    "NoSuchMethod", "Endpoint does not support RPC method _private");
        }
    },
    OLDER_VERSION {
        @Override
        void run(Side client, Side server, Target target) {
            assertResult(client.call(target.atVersion(RpcVersion.of(1, 4)), "echo", Map.of("value", 1), Terms.USUAL),
                    1);
        }
    },
    UNKNOWN_VERSION {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target.atVersion(RpcVersion.of(1, 6)), "echo", Map.of("value", 1), Terms.USUAL),
                    "UnsupportedVersion", "Endpoint does not support RPC version 1.6. Attempted method: echo");
        }
    },
    NAMESPACE {
        @Override
        void run(Side client, Side server, Target target) {
            assertResult(client.call(target.inNamespace("reseat"), "ours", Map.of(), Terms.USUAL), "ours");
        }
    },
    UNKNOWN_NAMESPACE {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target.inNamespace("other"), "ours", Map.of(), Terms.USUAL),
                    "UnsupportedVersion", "Endpoint does not support RPC version 1.0. Attempted method: ours");
        }
    },
    PING {
        @Override
        void run(Side client, Side server, Target target) {
            assertResult(client.call(target, "oslo_rpc_server_ping", Map.of(), Terms.USUAL), "pong");
        }
    },
    ARGUMENT_TOO_MANY {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "lookup", Map.of("volume_id", "v1", "more", 1), Terms.USUAL),
                    "TypeError", "got an unexpected keyword argument 'more'");
        }
    },
    ARGUMENT_MISSING {
        @Override
        void run(Side client, Side server, Target target) {
            assertFails(client.call(target, "lookup", Map.of(), Terms.USUAL), "TypeError", "volume_id");
        }
    };

    /** @param target served by the server already */
    abstract void run(Side client, Side server, Target target) throws Exception;

    private static Target anyServer(Target target) {
        return new Target(
                target.exchange(), target.topic(), Optional.empty(), target.namespace(), target.version());
    }

    private static void assertResult(Outcome outcome, Object result) {
        assertThat(outcome.failure()).as(outcome.text()).isEmpty();
        assertThat(outcome.result()).isEqualTo(new JsonMapper().valueToTree(result));
    }

    private static void assertFails(Outcome outcome, String type, String text) {
        assertThat(outcome.failure()).isEqualTo(type);
        assertThat(outcome.text()).contains(text);
    }
}
