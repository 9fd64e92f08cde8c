package dev.reseat.compute.guest;

import java.util.List;
import java.util.UUID;

final class MemoryGuestsTest extends GuestsContract {
    private final MemoryGuests guests = new MemoryGuests();

    @Override
    protected Guests open() {
        return guests;
    }

    @Override
    protected Guests unreachable() {
        MemoryGuests silent = new MemoryGuests();
        silent.fallSilent();
        return silent;
    }

    @Override
    protected GuestVolume newVolume() {
        return GuestVolume.named(UUID.randomUUID().toString());
    }

    @Override
    protected String newGuest(GuestVolume volume, Place place) {
        String uuid = UUID.randomUUID().toString();
        List<String> it = List.of(volume.volumeId());
        switch (place) {
            case RUNNING_AND_STORED -> guests.add(uuid, true, it, it, true);
            case RUNNING, TRANSIENT -> guests.add(uuid, true, it, List.of(), true);
            case STORED -> guests.add(uuid, true, List.of(), it, true);
            case STOPPED -> guests.add(uuid, false, List.of(), it, true);
            case KEPT -> guests.add(uuid, true, it, it, false);
        }
        return uuid;
    }
}
