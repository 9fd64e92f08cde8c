package dev.reseat.contract.volume;

import dev.reseat.contract.OwnExchange;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;

/**
 * Where the volume-manager listens, and the history of its interface. Its own topic is {@code reseat-volume}, servers
 * HOST@BACKEND and, where there is a cluster, CLUSTER@BACKEND; Cinder's {@code cinder-volume} topics are
 * cinder-volume's, and a volume-manager's only where it was told to replace that. Both namespaces are served on each.
 *
 * <pre>
 * default namespace (cinder.volume.rpcapi)
 *   3.0   initialize_connection, terminate_connection, remove_export, get_capabilities
 *   3.3   attach_volume takes the volume as object
 *   3.4   detach_volume takes the volume as object
 *   3.9   attachment_update, attachment_delete
 *   3.18  what we offer; callers that know more are served up to here
 * namespace reseat
 *   1.0   reset_status, describe_connections, inventory
 *   1.1   reset_status takes report_to, and may then be cast
 *   1.2   break_lock, fence_client
 *   1.3   show_connection
 * </pre>
 */
public final class VolumeRpc {
    public static final String OWN_TOPIC = "reseat-volume";
    public static final String TOPIC = "cinder-volume";
    public static final RpcVersion VERSION = RpcVersion.of(3, 18);
    /** The versions of Cinder's objects that we read and write, in the words of its {@code OBJ_VERSIONS}. */
    public static final String OBJECT_VERSION = "1.39";
    public static final String NAMESPACE = "reseat";
    public static final RpcVersion NAMESPACE_VERSION = RpcVersion.of(1, 3);
    /** Asked for by who needs no more, so that an older volume-manager serves it too. */
    public static final RpcVersion NAMESPACE_FIRST = RpcVersion.of(1, 0);
    /** Asked for by who casts a step. */
    public static final RpcVersion CASTS_STEPS = RpcVersion.of(1, 1);
    /** Asked for by who has locks broken and clients kept out. */
    public static final RpcVersion LOST_CLIENTS = RpcVersion.of(1, 2);
    /** Asked for by who wants to see what a host would be given. */
    public static final RpcVersion SHOWS_CONNECTIONS = RpcVersion.of(1, 3);
    /** Cinder sets no default of its own, so it is oslo.messaging's. */
    public static final String DEFAULT_EXCHANGE = "openstack";

    private VolumeRpc() {}

    /**
     * The volume-manager of a backend.
     *
     * @param serviceHost {@code volumes.host} or {@code volumes.cluster_name}; a pool in it is left out
     */
    public static Target own(String serviceHost) {
        return Target.of(OwnExchange.NAME, OWN_TOPIC).onServer(withoutPool(serviceHost)).atVersion(RpcVersion.of(3, 0));
    }

    /**
     * The target of the backend that holds a volume: {@code cinder-volume.HOST@BACKEND} on server {@code HOST}, as
     * clients that may send 3.6 address it.
     *
     * @param exchange Cinder's {@code control_exchange}
     * @param volumeHost {@code volumes.host} or, where there is one, {@code volumes.cluster_name}:
     *     {@code host@backend#pool}, or {@code host}
     */
    public static Target backend(String exchange, String volumeHost) {
        String backend = withoutPool(volumeHost);
        String host = backend.replaceFirst("@.*$", "");
        return Target.of(exchange, TOPIC + "." + backend).onServer(host).atVersion(RpcVersion.of(3, 0));
    }

    /** Whether clients that may send no more than this version address a backend by {@link #oldBackend}. */
    public static boolean isOfOldAddresses(RpcVersion cap) {
        return cap.major() < 3 || (cap.major() == 3 && cap.minor() < 6);
    }

    /** The same backend as clients address it that may not send 3.6: {@code cinder-volume}, server HOST@BACKEND. */
    public static Target oldBackend(String exchange, String volumeHost) {
        return Target.of(exchange, TOPIC).onServer(withoutPool(volumeHost)).atVersion(RpcVersion.of(3, 0));
    }

    private static String withoutPool(String host) {
        return host.replaceFirst("#.*$", "");
    }
}
