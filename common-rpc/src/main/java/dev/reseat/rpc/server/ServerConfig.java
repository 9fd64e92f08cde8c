package dev.reseat.rpc.server;

/**
 * How a server works.
 *
 * @param workers how many methods run at once ({@code executor_thread_pool_size}); further messages wait at the broker
 * @param ping whether {@code oslo_rpc_server_ping} is answered ({@code rpc_ping_enabled})
 */
public record ServerConfig(int workers, boolean ping) {
    public static final ServerConfig DEFAULT = new ServerConfig(64, false);

    public ServerConfig {
        if (workers < 1) {
            throw new IllegalArgumentException("executor_thread_pool_size must be at least 1: " + workers);
        }
    }
}
