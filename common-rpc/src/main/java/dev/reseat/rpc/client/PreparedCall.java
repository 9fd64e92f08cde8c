package dev.reseat.rpc.client;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import java.time.Duration;
import java.util.Optional;

/** A target with the terms of calling it. Immutable: each change gives a copy, as oslo.messaging's {@code prepare()}. */
public final class PreparedCall {
    private final RpcClient client;
    private final Target target;
    private final ClientConfig config;
    private final Optional<RpcVersion> cap;

    PreparedCall(RpcClient client, Target target, ClientConfig config, Optional<RpcVersion> cap) {
        this.client = client;
        this.target = target;
        this.config = config;
        this.cap = cap;
    }

    public PreparedCall onServer(String server) {
        return new PreparedCall(client, target.onServer(server), config, cap);
    }

    public PreparedCall inNamespace(String namespace) {
        return new PreparedCall(client, target.inNamespace(namespace), config, cap);
    }

    public PreparedCall atVersion(RpcVersion version) {
        return new PreparedCall(client, target.atVersion(version), config, cap);
    }

    public PreparedCall timeout(Duration responseTimeout) {
        return new PreparedCall(client, target, new ClientConfig(responseTimeout, config.monitorTimeout()), cap);
    }

    /** Asks the server for signs of life, and gives the call up when they stop coming. Whole seconds, at least 2. */
    public PreparedCall monitored(Duration monitorTimeout) {
        var monitored = new ClientConfig(config.responseTimeout(), Optional.of(monitorTimeout));
        return new PreparedCall(client, target, monitored, cap);
    }

    public PreparedCall cappedAt(RpcVersion version) {
        return new PreparedCall(client, target, config, Optional.of(version));
    }

    /** Whether a message of that version may be sent under the cap. */
    public boolean canSend(RpcVersion version) {
        return cap.map(limit -> limit.serves(version)).orElse(true);
    }

    /**
     * Calls and waits.
     *
     * @param args an object of keyword arguments: a record or a map
     * @param result {@code Void.class} for a method that answers null
     * @throws RpcException.NotDelivered the method did not run
     * @throws RpcException.OutcomeUnknown the method may have run
     * @throws RpcException.RemoteFailure the peer answered with a failure
     */
    public <T> T call(RequestContext context, String method, Object args, Class<T> result) {
        checkCap();
        return client.call(this, context, method, args, result);
    }

    /** Sends without waiting for the method; returns when the broker has the message. */
    public void cast(RequestContext context, String method, Object args) {
        checkCap();
        client.cast(this, context, method, args);
    }

    /** Casts to every server of the topic. */
    public void fanout(RequestContext context, String method, Object args) {
        checkCap();
        client.fanout(this, context, method, args);
    }

    Target target() {
        return target;
    }

    ClientConfig config() {
        return config;
    }

    private void checkCap() {
        if (!canSend(target.version())) {
            throw new RpcException.VersionCapExceeded(target.version(), cap.orElseThrow());
        }
    }
}
