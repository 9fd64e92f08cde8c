package dev.reseat.api.remote;

import dev.reseat.rpc.client.RpcClient;
import java.util.List;

/** Every broker that an api-node is connected to. */
public interface AllBrokers {
    /** Cinder's, which all api-nodes and volume-managers are on. */
    RpcClient own();

    /** Those of cells that have one of their own. */
    List<RpcClient> ofCells();
}
