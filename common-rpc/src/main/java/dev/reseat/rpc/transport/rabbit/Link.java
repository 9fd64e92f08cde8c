package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * One connection to the broker, and the means to let several frames go out in one piece.
 *
 * @param output empty for an encrypted connection: its frames go out one by one
 */
record Link(Connection connection, Optional<HeldOutput> output) {
    private static final Logger LOG = System.getLogger(Link.class.getName());

    /** Until {@link #release}, what is written may wait. */
    void hold() {
        output.ifPresent(HeldOutput::hold);
    }

    /** Sends what waits. Repeatable. @return false if the connection is lost */
    boolean release() {
        try {
            if (output.isPresent())
                output.get().release();
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "what was written together is lost with its connection: {0}", e.getMessage());
            return false;
        }
    }
}
