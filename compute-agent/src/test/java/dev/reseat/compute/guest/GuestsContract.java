package dev.reseat.compute.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every hypervisor's guests promise. A test class says which hypervisor it is, and makes guests of it. */
public abstract class GuestsContract {
    private Guests guests;
    private GuestVolume volume;

    /** Where a guest has a disk. */
    public enum Place {
        /** It runs with it, and will be started with it. */
        RUNNING_AND_STORED,
        /** It runs with it and has forgotten to remember it. */
        RUNNING,
        /** It runs without it, and will be started with it. */
        STORED,
        /** It does not run. */
        STOPPED,
        /** It runs with it, and nothing is left when it ends. */
        TRANSIENT,
        /** It runs with it, is asked to let go and never does. */
        KEPT
    }

    /** Of the same hypervisor each time: as after a restart of the agent. */
    protected abstract Guests open();

    /** Of a hypervisor that does not answer. */
    protected abstract Guests unreachable();

    /** A new volume that guests can be given. */
    protected abstract GuestVolume newVolume();

    /** @return the uuid of a new guest */
    protected abstract String newGuest(GuestVolume volume, Place place);

    protected static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60));
    }

    protected static Guest active(String uuid) {
        return new Guest(uuid, true);
    }

    protected static Guest stopped(String uuid) {
        return new Guest(uuid, false);
    }

    @BeforeEach
    void openFirst() {
        guests = open();
        volume = newVolume();
    }

    private void assertListed(String uuid, Answer inRunning, Answer inStored, Answer running) {
        GuestDisk disk = guests.inspect(stopped(uuid), volume, soon());
        assertThat(disk.inRunning()).as(disk.detail()).isEqualTo(inRunning);
        assertThat(disk.inStored()).as(disk.detail()).isEqualTo(inStored);
        assertThat(disk.running()).as(disk.detail()).isEqualTo(running);
        assertThat(disk.detail()).isNotBlank();
    }

    @Test
    void theTwoDefinitionsAreToldApart() {
        assertListed(newGuest(volume, Place.RUNNING_AND_STORED), Answer.YES, Answer.YES, Answer.YES);
        assertListed(newGuest(newVolume(), Place.RUNNING_AND_STORED), Answer.NO, Answer.NO, Answer.YES);
        assertListed(newGuest(volume, Place.RUNNING), Answer.YES, Answer.NO, Answer.YES);
        assertListed(newGuest(volume, Place.STORED), Answer.NO, Answer.YES, Answer.YES);
        assertListed(newGuest(volume, Place.STOPPED), Answer.NO, Answer.YES, Answer.NO);
        assertListed(newGuest(volume, Place.TRANSIENT), Answer.YES, Answer.NO, Answer.YES);
    }

    @Test
    void aDiskIsFoundByTheVolumesIdAloneToo() {
        String guest = newGuest(volume, Place.STOPPED);

        assertThat(guests.inspect(stopped(guest), GuestVolume.named(volume.volumeId()), soon()).listed())
                .isEqualTo(Answer.YES);
    }

    @Test
    void aGuestOfAnotherHostIsNotHereAndHasNothingToLose() {
        String elsewhere = UUID.randomUUID().toString();

        assertListed(elsewhere, Answer.NO, Answer.NO, Answer.NO);
        assertThatCode(() -> guests.detach(stopped(elsewhere), volume, soon())).doesNotThrowAnyException();
    }

    @Test
    void aGuestThatNovaHasHereAndTheHypervisorHasNotIsADoubt() {
        assertThatThrownBy(() -> guests.detach(active(UUID.randomUUID().toString()), volume, soon()))
                .isInstanceOf(GuestRefused.class);
    }

    @Test
    void whatIsTakenOutIsInNeitherDefinition() {
        for (Place place : new Place[]{Place.RUNNING_AND_STORED, Place.RUNNING, Place.STORED, Place.TRANSIENT}) {
            String guest = newGuest(volume, place);
            guests.detach(active(guest), volume, soon());
            assertListed(guest, Answer.NO, Answer.NO, Answer.YES);
            assertThatCode(() -> guests.detach(active(guest), volume, soon())).as("again").doesNotThrowAnyException();
        }
        String guest = newGuest(volume, Place.STOPPED);
        guests.detach(stopped(guest), volume, soon());
        assertListed(guest, Answer.NO, Answer.NO, Answer.NO);
    }

    @Test
    void aGuestThatRunsThoughNovaHasItAsStoppedKeepsItsDisk() {
        String guest = newGuest(volume, Place.RUNNING_AND_STORED);

        assertThatThrownBy(() -> guests.detach(stopped(guest), volume, soon())).isInstanceOf(GuestRefused.class);
        assertListed(guest, Answer.YES, Answer.YES, Answer.YES);
    }

    @Test
    void aGuestThatDoesNotLetGoIsARefusal() {
        String guest = newGuest(volume, Place.KEPT);

        assertThatThrownBy(() -> guests.detach(active(guest), volume, soon())).isInstanceOf(GuestRefused.class)
                .hasMessageContaining(volume.volumeId());
        assertThat(guests.inspect(stopped(guest), volume, soon()).inRunning()).isEqualTo(Answer.YES);
    }

    @Test
    void allGuestsTogetherAreAskedForWhoeverListsIt() {
        assertThat(guests.inspect(volume, soon()).listed()).isEqualTo(Answer.NO);
        newGuest(volume, Place.STOPPED);
        GuestDisk stopped = guests.inspect(volume, soon());
        newGuest(volume, Place.RUNNING);
        GuestDisk both = guests.inspect(volume, soon());

        assertThat(stopped.listed()).isEqualTo(Answer.YES);
        assertThat(stopped.running()).isEqualTo(Answer.NO);
        assertThat(both.inRunning()).isEqualTo(Answer.YES);
        assertThat(both.inStored()).isEqualTo(Answer.YES);
        assertThat(both.running()).isEqualTo(Answer.YES);
    }

    @Test
    void everyDiskIsInTheInventory() {
        String guest = newGuest(volume, Place.STORED);

        GuestInventory inventory = guests.inventory(soon());

        assertThat(inventory.blind()).isEmpty();
        assertThat(inventory.disks()).filteredOn(disk -> disk.name().contains(volume.volumeId()))
                .singleElement()
                .satisfies(disk -> {
                    assertThat(disk.instanceUuid()).isEqualTo(guest);
                    assertThat(disk.inRunning()).isEqualTo(Answer.NO);
                    assertThat(disk.inStored()).isEqualTo(Answer.YES);
                    assertThat(disk.running()).isEqualTo(Answer.YES);
                });
    }

    @Test
    void whoDoesNotAnswerLeavesEverythingUnknown() {
        String guest = newGuest(volume, Place.STOPPED);
        Guests silent = unreachable();

        assertThat(silent.present()).isNotEqualTo(Answer.NO);
        assertThat(silent.inspect(stopped(guest), volume, soon()))
                .extracting(GuestDisk::inRunning, GuestDisk::inStored, GuestDisk::running)
                .containsOnly(Answer.UNKNOWN);
        assertThat(silent.inspect(volume, soon()).listed()).isEqualTo(Answer.UNKNOWN);
        assertThat(silent.inventory(soon()).blind()).isNotEmpty();
        assertThatThrownBy(() -> silent.detach(stopped(guest), volume, soon())).isInstanceOf(GuestRefused.class);
    }
}
