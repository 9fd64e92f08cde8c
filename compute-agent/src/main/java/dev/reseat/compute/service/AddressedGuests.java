package dev.reseat.compute.service;

import dev.reseat.compute.guest.GuestInventory;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.GuestsByAddress.Use;
import dev.reseat.contract.connection.MalformedConnection;
import dev.reseat.contract.connection.StorageAddress;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Whose disks lead over an address, compared as addresses: {@code 10.0.0.1} is not {@code 10.0.0.10}. */
final class AddressedGuests {
    private AddressedGuests() {}

    /** @throws IllegalArgumentException if one of these is no address */
    static GuestsByAddress.Result of(List<String> addresses, GuestInventory inventory) {
        List<StorageAddress> wanted = addresses.stream()
                .map(text -> address(text).orElseThrow(() -> new IllegalArgumentException("no address: " + text)))
                .toList();
        return new GuestsByAddress.Result(
                inventory.disks()
                        .stream()
                        .map(disk -> new Use(
                                disk.instanceUuid(), disk.name(), names(disk.runningOver(), wanted),
                                names(disk.storedOver(), wanted)))
                        .filter(use -> use.inRunning().or(use.inStored()) == Answer.YES)
                        .toList(),
                inventory.blind());
    }

    /** What a definition names that cannot be read as an address is none of them. */
    private static Answer names(List<String> addresses, List<StorageAddress> wanted) {
        Set<StorageAddress> named =
                addresses.stream().flatMap(text -> address(text).stream()).collect(Collectors.toSet());
        return Answer.of(StorageAddress.find(named, wanted).isPresent());
    }

    private static Optional<StorageAddress> address(String text) {
        try {
            return Optional.of(StorageAddress.parse(text));
        } catch (MalformedConnection e) {
            return Optional.empty();
        }
    }
}
