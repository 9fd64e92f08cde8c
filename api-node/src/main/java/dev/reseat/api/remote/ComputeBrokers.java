package dev.reseat.api.remote;

import dev.reseat.rpc.client.RpcClient;

/** Over which broker each compute host is reached: that of its cell. */
@FunctionalInterface
public interface ComputeBrokers {
    /** @throws dev.reseat.rpc.RpcException.NotDelivered if the host's cell has none that can be used */
    RpcClient of(String host);
}
