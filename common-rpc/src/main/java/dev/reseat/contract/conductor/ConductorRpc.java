package dev.reseat.contract.conductor;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the conductor listens, and its methods. The queries of its default namespace that an agent needs are also on
 * {@code reseat-api}; topic {@code conductor} is nova-conductor's, and an api-node's only where it was told to replace
 * that.
 *
 * <pre>
 * default namespace (nova.conductor.rpcapi)
 *   3.0   object_class_action_versions, object_action, object_backport_versions
 * namespace baseapi
 *   1.1   ping
 * </pre>
 */
public final class ConductorRpc {
    public static final String TOPIC = "conductor";
    public static final RpcVersion VERSION = RpcVersion.of(3, 0);
    public static final String BASE_NAMESPACE = "baseapi";

    private ConductorRpc() {}

    /** An api-node, which answers queries for the agents. */
    public static Target own() {
        return Target.of(OwnExchange.NAME, OwnExchange.API_TOPIC).atVersion(VERSION);
    }

    /** @param exchange Nova's {@code control_exchange} */
    public static Target target(String exchange) {
        return Target.of(exchange, TOPIC).atVersion(VERSION);
    }

    /** {@code ping} of namespace {@code baseapi}: returns {@code {service, arg}}. */
    public record Ping(String arg) {
        public static final String METHOD = "ping";
    }

    /** {@code object_class_action_versions}: runs a remotable class method; returns its object. */
    public record ObjectClassAction(
            String objname,
            String objmethod,
            Map<String, String> objectVersions,
            List<Object> args,
            Map<String, Object> kwargs) {
        public static final String METHOD = "object_class_action_versions";

        public ObjectClassAction {
            // Python passes None for what a caller left out, so neither List.copyOf nor Map.copyOf will do
            args = args == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(args));
            kwargs = kwargs == null ? Map.of() : Collections.unmodifiableMap(new HashMap<>(kwargs));
        }
    }

    /** {@code object_action}: runs a remotable method of an object; returns {@code [updates, result]}. */
    public record ObjectAction(
            Map<String, Object> objinst, String objmethod, Optional<List<Object>> args,
            Optional<Map<String, Object>> kwargs) {
        public static final String METHOD = "object_action";
    }

    /** {@code object_backport_versions}: the object again, in a version the caller knows. */
    public record ObjectBackport(Map<String, Object> objinst, Map<String, String> objectVersions) {
        public static final String METHOD = "object_backport_versions";
    }
}
