package dev.reseat.rpc;

import dev.reseat.runtime.SecretText;

/** Why a call or cast did not give a result, sorted by what the caller may conclude. */
public abstract sealed class RpcException extends RuntimeException {
    private RpcException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * No reply before the deadline, or the connection went before the broker's confirm: the method may have run, may
     * still run, or may never run. Probe before repeating.
     */
    public static final class OutcomeUnknown extends RpcException {
        public OutcomeUnknown(String message) {
            super(message, null);
        }

        public OutcomeUnknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The message did not reach a queue (no such queue, broker refused or unreachable): the method did not run. */
    public static sealed class NotDelivered extends RpcException {
        public NotDelivered(String message) {
            super(message, null);
        }

        public NotDelivered(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** No queue takes such messages: upstream's {@code MessageUndeliverable}. Whoever should listen does not, yet. */
    public static final class Undeliverable extends NotDelivered {
        private final String exchange;
        private final String routingKey;

        public Undeliverable(String exchange, String routingKey) {
            super("no queue takes messages to exchange '" + exchange + "' with routing key '" + routingKey + "'");
            this.exchange = exchange;
            this.routingKey = routingKey;
        }

        /** Empty for the default exchange, where the routing key is the name of a queue. */
        public String exchange() {
            return exchange;
        }

        public String routingKey() {
            return routingKey;
        }
    }

    /** The peer answered with a failure. What it says may come from anywhere, so it is kept without secrets. */
    public static final class RemoteFailure extends RpcException {
        private final transient Failure failure;

        public RemoteFailure(Failure failure) {
            super(failure.type() + ": " + SecretText.masked(failure.message()), null);
            this.failure = failure.masked();
        }

        public Failure failure() {
            return failure;
        }

        /** Class name the peer reported, e.g. {@code UnsupportedVersion}. */
        public String type() {
            return failure.type();
        }

        /** Whether the peer does not offer the method, its namespace or its version: it has done nothing. */
        public boolean notOffered() {
            return failure.type().equals("UnsupportedVersion") || failure.type().equals("NoSuchMethod");
        }
    }

    /** The message needs a higher version than the cap this client was given allows; nothing was sent. */
    public static final class VersionCapExceeded extends RpcException {
        /** @param advice who set the cap and what to do; blank if there is nothing to say */
        public VersionCapExceeded(RpcVersion version, RpcVersion cap, String advice) {
            super(
                    "Requested message version, " + version
                            + " is incompatible.  It needs to be equal in major version "
                            + "and less than or equal in minor version as the specified version cap " + cap + "."
                            + (advice.isBlank() ? "" : " " + advice),
                    null);
        }
    }

    /** The peer's answer cannot be read as the type the caller expects: the method ran, its result is lost. */
    public static final class UnreadableReply extends RpcException {
        public UnreadableReply(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
