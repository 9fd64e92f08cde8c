package dev.reseat.compute.service;

import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.RequestTimes;
import jakarta.inject.Inject;
import java.util.Map;

/** What this host can say of itself and of a volume. Changes nothing; what it cannot find out is unknown. */
public final class HostInspector {
    private final Guests guests;
    private final Connectors connectors;
    private final HostIdentity host;
    private final RequestTimes times;

    @Inject
    HostInspector(Guests guests, Connectors connectors, HostIdentity host, RequestTimes times) {
        this.guests = guests;
        this.connectors = connectors;
        this.host = host;
        this.times = times;
    }

    /** How the host presents itself to storage backends. */
    public Map<String, Object> connector() {
        return host.connector();
    }

    public InspectVolume.Result inspect(InspectVolume question) {
        GuestDisk guest = question.instanceUuid()
                .map(uuid -> guests.inspect(new Guest(uuid, false), question.volumeId()))
                .orElseGet(() -> GuestDisk.unknown("no instance was named"));
        Inspection held = question.connectionInfo()
                .map(this::held)
                .orElseGet(() -> Inspection.unknown("no connection_info to look for"));
        return new InspectVolume.Result(
                guest.listed(), guest.running(), held.held(), "guest: " + guest.detail() + "; host: " + held.detail());
    }

    private Inspection held(Map<String, Object> connectionInfo) {
        try {
            return connectors.inspect(ConnectionInfo.of(connectionInfo), Deadline.after(times.looking()));
        } catch (MalformedConnection e) {
            return Inspection.unknown(e.getMessage());
        }
    }
}
