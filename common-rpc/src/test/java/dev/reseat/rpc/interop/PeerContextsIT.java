package dev.reseat.rpc.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.rpc.RequestContext;
import dev.reseat.testing.PythonPeer;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contexts we make, read by the classes that Nova and Cinder read them with; by oslo.utils alone.*/
final class PeerContextsIT {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final List<String> NOVA = List.of(
            "user_id", "project_id", "is_admin", "read_deleted", "remote_address", "timestamp", "request_id",
            "quota_class", "service_catalog", "is_admin_project", "global_request_id", "roles", "auth_token");
    private static final List<String> CINDER = List.of(
            "user_id", "project_id", "is_admin", "read_deleted", "remote_address", "request_id", "quota_class",
            "service_catalog", "global_request_id", "roles", "auth_token");

    private final RequestContext context = RequestContext.of("u1", "p1", true, "req-1")
            .with("global_request_id", "req-0")
            .with("auth_token", "t")
            .with("remote_address", "192.0.2.9");

    @Test
    void osloReadsTheTimestamp() throws InterruptedException {
        Object written = context.values().get("timestamp");

        assertThat(readBy().valueStream().map(JsonNode::stringValue)).hasSize(2).containsOnly(String.valueOf(written));
    }

    @Test
    void novaReadsAContextAndWritesItTheSameWay() throws InterruptedException {
        assertSame(readBy("nova"), NOVA);
    }

    @Test
    void cinderReadsAContextAndWritesItTheSameWay() throws InterruptedException {
        assertSame(readBy("cinder"), CINDER);
    }

    private void assertSame(JsonNode read, List<String> keys) {
        assumeTrue(read.isObject(), "not installed here");
        JsonNode written = JSON.valueToTree(context.values());
        assertThat(keys).allSatisfy(key -> assertThat(read.path(key)).as(key).isEqualTo(written.path(key)));
    }

    private JsonNode readBy(String... project) throws InterruptedException {
        try (PythonPeer python = PythonPeer.start("read_context.py", project)) {
            python.send(JSON.writeValueAsString(context.values()));
            return JSON.readTree(python.line());
        }
    }
}
