package dev.reseat.compute.service;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.Guests;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.DisconnectVolume.Outcome;
import dev.reseat.contract.compute.DisconnectVolume.Result;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.runtime.RequestTimes;
import jakarta.inject.Inject;
import java.util.Optional;

/** Takes a connection off this host that no row names any more, once it is seen that no guest here has the volume. */
public final class LeftoverDisconnect {
    private static final System.Logger LOG = System.getLogger(LeftoverDisconnect.class.getName());

    private final Guests guests;
    private final Connectors connectors;
    private final KeyedLocks locks;
    private final RequestTimes times;

    @Inject
    LeftoverDisconnect(Guests guests, Connectors connectors, KeyedLocks locks, RequestTimes times) {
        this.guests = guests;
        this.connectors = connectors;
        this.locks = locks;
        this.times = times;
    }

    /**
     * When this returns with {@link Outcome#DISCONNECTED}, the host holds the volume no more, and that was read back.
     *
     * @param outer when its caller gives up; no longer than the host may take anyway
     * @throws RemovalFailed.OutcomeUnknown if the host has not come back with it by then
     */
    public Result disconnect(DisconnectVolume order, Deadline outer) {
        try (KeyedLocks.Held lock = locks.hold(
                "volume " + order.volumeId(), DisconnectVolume.METHOD, outer.within(times.changing()))) {
            return disconnect(order.volumeId(), ConnectionInfo.of(order.connectionInfo()), lock);
        } catch (KeyedLocks.TimedOut | MalformedConnection e) {
            return new Result(Outcome.REFUSED, String.valueOf(e.getMessage()));
        }
    }

    private Result disconnect(String volumeId, ConnectionInfo connection, KeyedLocks.Held lock) {
        if (guests.present() != Answer.NO) {
            GuestDisk guest =
                    guests.inspect(GuestVolumes.of(volumeId, Optional.of(connection)), lock.deadline());
            if (guest.listed() != Answer.NO) {
                return new Result(Outcome.REFUSED, "a guest here has the volume, or may have it: " + guest.detail());
            }
        }
        Inspection before = connectors.inspect(connection, lock.deadline());
        if (before.held() != Answer.YES) {
            return new Result(before.held() == Answer.NO ? Outcome.NONE : Outcome.REFUSED, before.detail());
        }
        try {
            connectors.disconnect(connection, lock);
        } catch (ConnectorException.OutOfTime e) {
            throw new RemovalFailed.OutcomeUnknown(e);
        } catch (ConnectorException.Busy | ConnectorException.Refused e) {
            return new Result(Outcome.REFUSED, e.getMessage());
        } catch (ConnectorException e) {
            return new Result(Outcome.FAILED, e.getMessage());
        }
        Inspection after = connectors.inspect(connection, lock.deadline());
        LOG.log(System.Logger.Level.INFO, "volume {0}, which no row gave to this host, was disconnected: {1}",
                volumeId, after.detail());
        return new Result(after.held() == Answer.NO ? Outcome.DISCONNECTED : Outcome.FAILED, after.detail());
    }
}
