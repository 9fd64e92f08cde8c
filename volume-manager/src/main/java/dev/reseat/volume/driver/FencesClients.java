package dev.reseat.volume.driver;

import dev.reseat.runtime.Deadline;
import java.time.Duration;

/** A driver whose backend can keep a client out of everything. */
public interface FencesClients {
    /**
     * When this returns, the backend shows that the client is kept out. A client that lives loses all its volumes, so
     * this is for those alone who were asked for by name.
     *
     * @param client the initiator or else the address, as {@link DescribesConnections#describe} tells it
     * @param time for how long, if the backend knows a time
     * @return what is so now, and how a person lets the client in again
     * @throws DriverException.BackendFailed if it is not shown
     */
    String fence(String client, Duration time, Deadline deadline);
}
