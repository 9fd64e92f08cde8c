package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.impl.StrictExceptionHandler;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * What the client library does with a failure in one of our callbacks: the channel is closed, and so everything on it
 * is set up anew. Nothing is printed past the log.
 */
final class CallbackFailures extends StrictExceptionHandler {
    private static final Logger LOG = System.getLogger(CallbackFailures.class.getName());

    @Override
    public void handleUnexpectedConnectionDriverException(Connection connection, Throwable failure) {
        LOG.log(Level.DEBUG, "connection to RabbitMQ was lost", failure);
    }

    @Override
    protected void log(String message, Throwable failure) {
        LOG.log(Level.WARNING, message, failure);
    }
}
