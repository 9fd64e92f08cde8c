package dev.reseat.contract.compute;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.util.Map;

/**
 * Where the compute agents listen, and the history of their interface. Their own topic is {@code reseat-compute},
 * server HOST; Nova's topics {@code compute} and {@code compute-alt} are nova-compute's, and an agent's only where it
 * was told to replace that. All namespaces are served on each.
 *
 * <pre>
 * default namespace (nova.compute.rpcapi)
 *   5.0   remove_volume_connection(instance, volume_id); nova-compute's alone: stop_instance, start_instance
 *   5.13  the last of 5.x
 *   6.0   remove_volume_connection(instance, volume_id)
 *   6.3   remove_volume_connection takes delete_attachment
 *   6.5   callers that may send this use topic compute-alt
 * namespace baseapi (nova.baserpc)
 *   1.1   ping
 * namespace reseat
 *   1.0   get_volume_connector, inspect_volume, inventory
 *   1.1   remove_volume_connection, which takes report_to and may then be cast
 *   1.2   disconnect_volume
 *   1.3   guests_by_address
 * </pre>
 */
public final class ComputeRpc {
    public static final String OWN_TOPIC = "reseat-compute";
    public static final String TOPIC = "compute";
    public static final String ALTERNATE_TOPIC = "compute-alt";
    public static final RpcVersion VERSION = RpcVersion.of(6, 5);
    public static final RpcVersion OLD_VERSION = RpcVersion.of(5, 13);
    /** A nova-compute that listens on topic {@code compute-alt} serves this at least, and is sent removals there. */
    public static final RpcVersion ALTERNATE_FROM = RpcVersion.of(6, 5);
    public static final RpcVersion DELETES_ATTACHMENT = RpcVersion.of(6, 3);
    public static final String BASE_NAMESPACE = "baseapi";
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion NAMESPACE_VERSION = RpcVersion.of(1, 3);
    /** What no row names is disconnected. */
    public static final RpcVersion NAMESPACE_DISCONNECTS = RpcVersion.of(1, 2);
    /** Casts of removals. */
    public static final RpcVersion NAMESPACE_CASTS = RpcVersion.of(1, 1);
    /** Asked for by who needs no more, so that an older agent serves it too. */
    public static final RpcVersion NAMESPACE_FIRST = RpcVersion.of(1, 0);
    /** What {@code [upgrade_levels] compute} may name (nova.compute.rpcapi), as far back as 5.0. */
    public static final Map<String, RpcVersion> RELEASES = Map.ofEntries(
            Map.entry("queens", RpcVersion.of(5, 0)),
            Map.entry("rocky", RpcVersion.of(5, 0)),
            Map.entry("stein", RpcVersion.of(5, 1)),
            Map.entry("train", RpcVersion.of(5, 3)),
            Map.entry("ussuri", RpcVersion.of(5, 11)),
            Map.entry("victoria", RpcVersion.of(5, 12)),
            Map.entry("wallaby", RpcVersion.of(6, 0)),
            Map.entry("xena", RpcVersion.of(6, 0)),
            Map.entry("yoga", RpcVersion.of(6, 0)),
            Map.entry("zed", RpcVersion.of(6, 1)),
            Map.entry("antelope", RpcVersion.of(6, 2)),
            Map.entry("bobcat", RpcVersion.of(6, 2)),
            Map.entry("caracal", RpcVersion.of(6, 3)),
            Map.entry("dalmatian", RpcVersion.of(6, 3)),
            Map.entry("epoxy", RpcVersion.of(6, 4)),
            Map.entry("flamingo", RpcVersion.of(6, 4)),
            Map.entry("gazpacho", RpcVersion.of(6, 5)));
    /** {@code set_transport_defaults('nova')}. */
    public static final String DEFAULT_EXCHANGE = "nova";

    private ComputeRpc() {}

    /** The agent of a host. */
    public static Target own(String host) {
        return Target.of(OwnExchange.NAME, OWN_TOPIC).onServer(host).atVersion(RpcVersion.of(6, 0));
    }

    /**
     * The nova-compute of a host, or the agent that replaces it.
     *
     * @param exchange Nova's {@code control_exchange}
     */
    public static Target host(String exchange, String host) {
        return Target.of(exchange, TOPIC).onServer(host).atVersion(RpcVersion.of(6, 0));
    }

    /** The same on the topic of callers that may send {@link #ALTERNATE_FROM}. */
    public static Target alternate(String exchange, String host) {
        return Target.of(exchange, ALTERNATE_TOPIC).onServer(host).atVersion(RpcVersion.of(6, 0));
    }
}
