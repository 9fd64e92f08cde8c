package dev.reseat.rpc.transport.rabbit;

import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/**
 * One connection to the broker, and the means to let several frames go in one piece.
 *
 * @param output empty for an encrypted connection: its frames go out one by one
 * @param input likewise
 */
record Link(Connection connection, Optional<HeldOutput> output, Optional<PausingInput> input) {
    private static final Logger LOG = System.getLogger(Link.class.getName());

    /** Until {@link #release}, what is written may wait. */
    void hold() {
        output.ifPresent(HeldOutput::hold);
    }

    /**
     * From now on the listener is told, on the reading thread, when all that was read has been handed to consumers.
     *
     * @return false if that cannot be told
     */
    boolean whenWorkedOff(Runnable told) {
        input.ifPresent(end -> end.beforeRead(told));
        return input.isPresent();
    }

    /** Sends what waits. Repeatable. @return false if the connection is lost */
    boolean release() {
        try {
            if (output.isPresent()) {
                output.get().release();
            }
            return true;
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "what was written together is lost with its connection: {0}", e.getMessage());
            return false;
        }
    }
}
