package dev.reseat.api.remote;

import dev.reseat.rpc.RpcVersion;
import java.util.Optional;

/** What is written down of which version each nova-compute serves. */
@FunctionalInterface
public interface ComputeVersions {
    /**
     * The highest version of its interface that the nova-compute of a host serves; empty if that is not written down,
     * and then the host itself has to be asked. Does not fail.
     */
    Optional<RpcVersion> of(String host);
}
