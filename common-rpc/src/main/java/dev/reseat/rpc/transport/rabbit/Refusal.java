package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import java.util.Optional;

/**
 * The broker's own reason for closing a channel or a connection.
 *
 * @param code AMQP reply code
 * @param text as the broker put it
 * @param ofChannel whether a channel was closed, and the connection is as good as before
 * @param onPublish whether a published message was the reason
 */
record Refusal(int code, String text, boolean ofChannel, boolean onPublish) {
    private static final int BASIC_CLASS = 60;
    private static final int PUBLISH_METHOD = 40;

    /** Looks for it in an exception and its causes. */
    static Optional<Refusal> in(Throwable failure) {
        for (Optional<Throwable> next = Optional.of(failure); next.isPresent(); next = next.map(Throwable::getCause)) {
            if (next.get() instanceof ShutdownSignalException signal && !signal.isInitiatedByApplication()) {
                if (signal.getReason() instanceof AMQP.Channel.Close close) {
                    return Optional.of(of(close));
                }
                if (signal.getReason() instanceof AMQP.Connection.Close close) {
                    return Optional.of(new Refusal(close.getReplyCode(), close.getReplyText(), false, false));
                }
            }
        }
        return Optional.empty();
    }

    private static Refusal of(AMQP.Channel.Close close) {
        boolean onPublish = close.getClassId() == BASIC_CLASS && close.getMethodId() == PUBLISH_METHOD;
        return new Refusal(close.getReplyCode(), close.getReplyText(), true, onPublish);
    }

    boolean isNotFound() {
        return code == AMQP.NOT_FOUND;
    }

    /** Something exists already, declared with other flags or arguments. */
    boolean isOtherwiseDeclared() {
        return code == AMQP.PRECONDITION_FAILED;
    }

    /** Wrong account, or a virtual host that is not there or not for this account: waiting will not help. */
    boolean isForbidden() {
        return code == AMQP.ACCESS_REFUSED || code == AMQP.NOT_ALLOWED;
    }
}
