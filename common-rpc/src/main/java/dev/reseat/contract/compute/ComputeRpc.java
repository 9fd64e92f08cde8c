package dev.reseat.contract.compute;

import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;

/**
 * Where the compute agents listen, and the history of their interface.
 *
 * <pre>
 * default namespace (nova.compute.rpcapi)
 *   5.0   remove_volume_connection(instance, volume_id)
 *   5.13  the last of 5.x
 *   6.0   remove_volume_connection(instance, volume_id)
 *   6.3   remove_volume_connection takes delete_attachment
 *   6.5   callers that may send this use topic compute-alt
 * namespace baseapi (nova.baserpc)
 *   1.1   ping
 * namespace reseat
 *   1.0   get_volume_connector, inspect_volume
 * </pre>
 */
public final class ComputeRpc {
    public static final String TOPIC = "compute";
    public static final String ALTERNATE_TOPIC = "compute-alt";
    public static final RpcVersion VERSION = RpcVersion.of(6, 5);
    public static final RpcVersion OLD_VERSION = RpcVersion.of(5, 13);
    public static final RpcVersion DELETES_ATTACHMENT = RpcVersion.of(6, 3);
    public static final String BASE_NAMESPACE = "baseapi";
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion NAMESPACE_VERSION = RpcVersion.of(1, 0);
    /** {@code set_transport_defaults('nova')}. */
    public static final String DEFAULT_EXCHANGE = "nova";

    private ComputeRpc() {}

    public static Target host(String exchange, String host) {
        return Target.of(exchange, TOPIC).onServer(host).atVersion(RpcVersion.of(6, 0));
    }
}
