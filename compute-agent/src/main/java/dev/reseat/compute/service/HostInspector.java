package dev.reseat.compute.service;

import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.DeviceObservation;
import dev.reseat.compute.connector.Inspection;
import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.GuestInventory;
import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.host.HostIdentity;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.HostInventory;
import dev.reseat.contract.compute.InspectVolume;
import dev.reseat.contract.connection.ConnectionInfo;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.RequestTimes;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    public Map<String, Object> connector(Deadline deadline) {
        return host.connector(deadline);
    }

    /** Of the guest of the instance that is named; of all guests here where none is: a host has volumes too. */
    public InspectVolume.Result inspect(InspectVolume question) {
        Deadline whole = Deadline.after(times.looking());
        Deadline deadline = half(whole);
        GuestVolume volume = GuestVolumes.of(question);
        GuestDisk guest = question.instanceUuid()
                .map(uuid -> guests.inspect(new Guest(uuid, false), volume, deadline))
                .orElseGet(() -> guests.inspect(volume, deadline));
        Inspection held = question.connectionInfo()
                .map(info -> held(info, whole))
                .orElseGet(() -> held(question.volumeId(), whole));
        return new InspectVolume.Result(
                guest.listed(), guest.running(), held.held(), "guest: " + guest.detail() + "; host: " + held.detail(),
                Optional.of(new InspectVolume.Definitions(guests.present(), guest.inRunning(), guest.inStored())));
    }

    /** Everything that this host holds, page by page. */
    public HostInventory.Result inventory(HostInventory question) {
        Deadline whole = Deadline.after(times.looking());
        GuestInventory disks = guests.inventory(half(whole));
        HostInventory.Result here = connectors.inventory(whole);
        List<HostInventory.Held> rest = Stream
                .concat(disks.disks().stream().map(HostInspector::held), here.held().stream())
                .filter(held -> question.after().filter(name -> held.name().compareTo(name) <= 0).isEmpty())
                .sorted(Comparator.comparing(HostInventory.Held::name).thenComparing(HostInventory.Held::detail))
                .toList();
        int end = Math.min(rest.size(), Math.clamp(question.limit(), 1, HostInventory.MOST));
        while (end < rest.size() && rest.get(end).name().equals(rest.get(end - 1).name())) {
            end++; // the next page begins after a name
        }
        return new HostInventory.Result(
                rest.subList(0, end),
                end < rest.size() ? Optional.of(rest.get(end - 1).name()) : Optional.empty(),
                Stream.concat(disks.blind().stream(), here.blind().stream()).toList(),
                Optional.of(guests.present()));
    }

    /**
     * Guests whose hypervisor reaches a disk over one of these addresses.
     *
     * @throws IllegalArgumentException if one of them is no address
     */
    public GuestsByAddress.Result guestsBy(GuestsByAddress question) {
        return AddressedGuests.of(question.addresses(), guests.inventory(Deadline.after(times.looking())));
    }

    /** The host is asked after the guests, and has to have time. */
    private Deadline half(Deadline whole) {
        return whole.within(times.looking().dividedBy(2));
    }

    private static HostInventory.Held held(GuestInventory.Disk disk) {
        return new HostInventory.Held(HostInventory.Held.GUEST, disk.name(), disk.inRunning(), disk.detail(),
                Optional.of(new HostInventory.GuestUse(
                        disk.instanceUuid(), disk.inRunning(), disk.inStored(), disk.running())));
    }

    /** Nobody knows the way, so whatever is held is looked through. */
    private Inspection held(String volumeId, Deadline deadline) {
        HostInventory.Result all = connectors.inventory(deadline);
        String seen = all.held()
                .stream()
                .filter(held -> held.isOf(volumeId))
                .map(HostInventory.Held::detail)
                .collect(Collectors.joining("; "));
        String detail = seen.isEmpty()
                ? all.blind().isEmpty() ? "nothing of it is held here" : String.join("; ", all.blind())
                : seen;
        return new Inspection(List.of(new DeviceObservation("inventory", all.holds(volumeId), detail)));
    }

    private Inspection held(Map<String, Object> connectionInfo, Deadline deadline) {
        try {
            return connectors.inspect(ConnectionInfo.of(connectionInfo), deadline);
        } catch (MalformedConnection e) {
            return Inspection.unknown(e.getMessage());
        }
    }
}
