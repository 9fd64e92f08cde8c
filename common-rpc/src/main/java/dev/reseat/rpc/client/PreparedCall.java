package dev.reseat.rpc.client;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.rpc.Target;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.Optional;

/**
 * A target with the terms of calling it. Immutable: each change gives a copy, as oslo.messaging's {@code prepare()},
 * whose arguments these methods are. Thread-safe.
 */
public final class PreparedCall {
    private final RpcClient client;
    private final Target target;
    private final ClientConfig config;
    private final Optional<VersionCap> cap;
    private final RemoteErrors errors;

    PreparedCall(
            RpcClient client, Target target, ClientConfig config, Optional<VersionCap> cap, RemoteErrors errors) {
        this.client = client;
        this.target = target;
        this.config = config;
        this.cap = cap;
        this.errors = errors;
    }

    /** To one server of the topic. */
    public PreparedCall onServer(String server) {
        return with(target.onServer(server), config, cap);
    }

    /** To methods of that namespace. */
    public PreparedCall inNamespace(String namespace) {
        return with(target.inNamespace(namespace), config, cap);
    }

    /** Asks for that version of the interface. It is checked against the cap when something is sent. */
    public PreparedCall atVersion(RpcVersion version) {
        return with(target.atVersion(version), config, cap);
    }

    /** How long a call waits for its reply, and a cast for its confirm. */
    public PreparedCall timeout(Duration responseTimeout) {
        return with(target, config.timeout(responseTimeout), cap);
    }

    /**
     * As long as its timeout, but no longer than what is left until then.
     *
     * @throws RpcException.NotDelivered if nothing is left: nothing is sent
     */
    public PreparedCall within(Deadline deadline) {
        Duration left = deadline.remaining();
        if (left.isZero()) {
            throw new RpcException.NotDelivered("there was no time left to ask " + queue());
        }
        return left.compareTo(timeout()) < 0 ? timeout(left) : this;
    }

    /** Asks the server for signs of life, and gives the call up when they stop coming. Whole seconds, at least 2. */
    public PreparedCall monitored(Duration monitorTimeout) {
        return with(target, config.monitored(monitorTimeout), cap);
    }

    /**
     * After that time a cast that no server has taken from its queue disappears, as a call does after its timeout. At
     * least a millisecond.
     */
    public PreparedCall expiring(Duration castExpiration) {
        return with(target, config.expiring(castExpiration), cap);
    }

    /** What becomes of a call or cast that no queue takes. */
    public PreparedCall routing(ClientConfig.Routing routing) {
        return with(target, config.routing(routing), cap);
    }

    /**
     * How often to try again to reach the broker before giving up, upstream's {@code retry}: -1 as long as there is
     * time, 0 not at all. The timeout ends it in any case.
     */
    public PreparedCall retry(int attempts) {
        return with(target, config.retry(attempts), cap);
    }

    /** Sends nothing that needs more than that version. */
    public PreparedCall cappedAt(RpcVersion version) {
        return cappedAt(new VersionCap(version, ""));
    }

    /** Sends nothing that needs more than the cap. */
    public PreparedCall cappedAt(VersionCap limit) {
        return with(target, config, Optional.of(limit));
    }

    /** Sends any version: {@code prepare(version_cap=None)}. */
    public PreparedCall uncapped() {
        return with(target, config, Optional.empty());
    }

    /** Throws the listed failures of the peer as exceptions of the caller's own; replaces an earlier list. */
    public PreparedCall failing(RemoteErrors listed) {
        return new PreparedCall(client, target, config, cap, listed);
    }

    /** Whether a message of that version may be sent under the cap: upstream's {@code can_send_version(version)}. */
    public boolean canSend(RpcVersion version) {
        return cap.map(limit -> limit.version().serves(version)).orElse(true);
    }

    /** Whether a message of the target's own version may be sent under the cap: {@code can_send_version()}. */
    public boolean canSend() {
        return canSend(target.version());
    }

    /** How long a call waits for its reply. */
    public Duration timeout() {
        return config.responseTimeout();
    }

    /** The queue this goes to. */
    public String queue() {
        return target.routingKey();
    }

    /**
     * Whether anybody listens where this goes now: the queue has at least one consumer. Publishes and makes nothing.
     *
     * @throws RpcException.NotDelivered if the broker has not said within the time
     */
    public boolean isServed(Duration within) {
        return client.consumers(target, within) > 0;
    }

    /**
     * Calls and waits.
     *
     * @param args an object of keyword arguments: a record or a map
     * @param result {@code Void.class} for a method that answers null
     * @throws RpcException.VersionCapExceeded nothing was sent
     * @throws RpcException.NotDelivered the method did not run
     * @throws RpcException.OutcomeUnknown the method may have run
     * @throws RpcException.RemoteFailure the peer answered with a failure that {@link #failing} does not list
     * @throws RpcException.UnreadableReply the method ran, its result is no {@code result}
     */
    public <T> T call(RequestContext context, String method, Object args, Class<T> result) {
        checkCap();
        try {
            return client.call(this, context, method, args, result);
        } catch (RpcException.RemoteFailure e) {
            throw errors.exceptionFor(e);
        }
    }

    /**
     * Sends without waiting for the method; returns when the broker has the message.
     *
     * @throws RpcException.VersionCapExceeded nothing was sent
     * @throws RpcException.NotDelivered the method will not run
     * @throws RpcException.OutcomeUnknown the method may run
     */
    public void cast(RequestContext context, String method, Object args) {
        checkCap();
        client.cast(this, context, method, args);
    }

    /** Casts to every server of the topic; there need not be any. Throws as {@link #cast}. */
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

    private PreparedCall with(Target to, ClientConfig terms, Optional<VersionCap> limit) {
        return new PreparedCall(client, to, terms, limit, errors);
    }

    private void checkCap() {
        if (!canSend()) {
            VersionCap limit = cap.orElseThrow();
            throw new RpcException.VersionCapExceeded(target.version(), limit.version(), limit.advice());
        }
    }
}
