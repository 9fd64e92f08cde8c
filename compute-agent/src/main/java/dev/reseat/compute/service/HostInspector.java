package dev.reseat.compute.service;

import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.connector.Observation;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.RequestTimes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

    /** Of the guest of the instance that is named; of all guests here where none is: a host has volumes too. */
    public InspectVolume.Result inspect(InspectVolume question) {
        GuestDisk guest = question.instanceUuid()
                .map(uuid -> guests.inspect(new Guest(uuid, false), question.volumeId()))
                .orElseGet(() -> guests.inspect(question.volumeId()));
        Inspection held = question.connectionInfo().map(this::held).orElseGet(() -> held(question.volumeId()));
        return new InspectVolume.Result(
                guest.listed(), guest.running(), held.held(), "guest: " + guest.detail() + "; host: " + held.detail(),
                Optional.of(new InspectVolume.Definitions(guests.present(), guest.inRunning(), guest.inStored())));
    }

    /** Everything that this host holds, page by page. */
    public HostInventory.Result inventory(HostInventory question) {
        HostInventory.Result all = connectors.inventory(Deadline.after(times.looking()));
        int most = Math.clamp(question.limit(), 1, HostInventory.MOST);
        List<HostInventory.Held> rest = all.held()
                .stream()
                .filter(held -> question.after().filter(name -> held.name().compareTo(name) <= 0).isEmpty())
                .toList();
        List<HostInventory.Held> page = rest.stream().limit(most).toList();
        return new HostInventory.Result(
                page, rest.size() > most ? Optional.of(page.getLast().name()) : Optional.empty(), all.blind());
    }

    /** Nobody knows the way, so whatever is held is looked through. */
    private Inspection held(String volumeId) {
        HostInventory.Result all = connectors.inventory(Deadline.after(times.looking()));
        String seen = all.held()
                .stream()
                .filter(held -> held.isOf(volumeId))
                .map(HostInventory.Held::detail)
                .collect(Collectors.joining("; "));
        String detail = seen.isEmpty()
                ? all.blind().isEmpty() ? "nothing of it is held here" : String.join("; ", all.blind())
                : seen;
        return new Inspection(List.of(new Observation("inventory", all.holds(volumeId), detail)));
    }

    private Inspection held(Map<String, Object> connectionInfo) {
        try {
            return connectors.inspect(ConnectionInfo.of(connectionInfo), Deadline.after(times.looking()));
        } catch (MalformedConnection e) {
            return Inspection.unknown(e.getMessage());
        }
    }
}
