package dev.reseat.rpc.client;

import static java.util.Objects.requireNonNull;

import dev.reseat.rpc.RpcVersion;

/**
 * The highest version a client may send, upstream's {@code version_cap}.
 *
 * @param advice who set it and what to do when it is in the way; blank if there is nothing to say
 */
public record VersionCap(RpcVersion version, String advice) {
    public VersionCap {
        requireNonNull(version, "version is null");
        requireNonNull(advice, "advice is null");
    }
}
