package dev.reseat.compute.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.connector.ConnectorException;
import dev.reseat.compute.connector.Connectors;
import dev.reseat.compute.connector.MemoryConnector;
import dev.reseat.compute.guest.MemoryGuests;
import dev.reseat.contract.compute.DisconnectVolume;
import dev.reseat.contract.compute.DisconnectVolume.Outcome;
import dev.reseat.runtime.Deadline;
import dev.reseat.runtime.KeyedLocks;
import dev.reseat.runtime.RequestTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Devices that no row names, on a host with guests. */
final class LeftoverDisconnectTest {
    private static final String VOLUME = "f03d9935-d4e5-4635-a103-bce71c84e2dc";
    private static final Path DEVICE = Path.of("/dev/reseat-test");
    private static final DisconnectVolume ORDER = new DisconnectVolume(
            VOLUME, Map.of("driver_volume_type", "local", "data", Map.of("device_path", DEVICE.toString())));

    private final Set<Path> reachable = ConcurrentHashMap.newKeySet();
    private final Set<Path> held = ConcurrentHashMap.newKeySet();
    private final MemoryConnector connector = new MemoryConnector(reachable, held);
    private final MemoryGuests guests = new MemoryGuests();
    private final KeyedLocks locks = new KeyedLocks();
    private final LeftoverDisconnect leftovers = new LeftoverDisconnect(
            guests, new Connectors(Map.of("local", connector)), locks,
            new RequestTimes(Duration.ofSeconds(30), Duration.ofSeconds(30)));

    LeftoverDisconnectTest() {
        reachable.add(DEVICE);
        held.add(DEVICE);
    }

    private Outcome disconnect(DisconnectVolume order) {
        return leftovers.disconnect(order, Deadline.after(Duration.ofSeconds(30))).outcome();
    }

    @Test
    void whatNobodyUsesIsTakenDownOnce() {
        guests.add("another", true, List.of("other"), List.of("other"), true);

        assertThat(disconnect(ORDER)).isEqualTo(Outcome.DISCONNECTED);
        assertThat(held).isEmpty();
        assertThat(disconnect(ORDER)).isEqualTo(Outcome.NONE);
    }

    @Test
    void whatAGuestListsStaysAlsoIfOnlyItsStoredDefinitionDoes() {
        guests.add("stopped", false, List.of(), List.of(VOLUME), true);

        assertThat(disconnect(ORDER)).isEqualTo(Outcome.REFUSED);
        assertThat(held).containsExactly(DEVICE);
    }

    @Test
    void whatNobodyCanTellStays() {
        guests.fallSilent();
        assertThat(disconnect(ORDER)).isEqualTo(Outcome.REFUSED);
        assertThat(held).containsExactly(DEVICE);
    }

    @Test
    void aHostThatDoesNotSeeItIsNotFreeOfIt() {
        reachable.clear();
        assertThat(disconnect(ORDER)).isEqualTo(Outcome.REFUSED);
        assertThat(disconnect(new DisconnectVolume(VOLUME, Map.of("data", 7)))).isEqualTo(Outcome.REFUSED);
        assertThat(disconnect(new DisconnectVolume(VOLUME, Map.of("driver_volume_type", "smbfs", "data", Map.of()))))
                .isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whatIsBusyStaysAndWhatFailsIsSaid() {
        connector.failWith(new ConnectorException.Busy("somebody has it open"));
        assertThat(disconnect(ORDER)).isEqualTo(Outcome.REFUSED);
        connector.failWith(new ConnectorException.Failed("half of it is gone"));
        assertThat(disconnect(ORDER)).isEqualTo(Outcome.FAILED);
        connector.failWith(new ConnectorException.OutOfTime("it hangs", null));
        assertThatThrownBy(() -> disconnect(ORDER)).isInstanceOf(RemovalFailed.OutcomeUnknown.class);
    }

    @Test
    void aVolumeThatIsBeingRemovedIsLeftToWhoDoesThat() {
        try (KeyedLocks.Held _ = locks.hold(
                "volume " + VOLUME, "remove_volume_connection", Deadline.after(Duration.ofSeconds(30)))) {
            assertThat(leftovers.disconnect(ORDER, Deadline.after(Duration.ofMillis(200))).outcome())
                    .isEqualTo(Outcome.REFUSED);
        }
        assertThat(held).containsExactly(DEVICE);
    }
}
