package dev.reseat.compute.guest.libvirt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.guest.Guest;
import dev.reseat.compute.guest.GuestDisk;
import dev.reseat.compute.guest.GuestRefused;
import dev.reseat.compute.guest.GuestVolume;
import dev.reseat.compute.guest.Guests;
import dev.reseat.compute.guest.GuestsContract;
import dev.reseat.contract.evidence.Answer;
import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Deadline;
import dev.reseat.testing.FrozenProcess;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a real libvirt with real guests. */
final class LibvirtGuestsIT extends GuestsContract {
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private static RealGuests real;

    private final Guests guests = guests(new SystemCommandRunner(List.of()));

    @BeforeAll
    static void start() throws Exception {
        real = RealGuests.start();
    }

    @AfterAll
    static void stop() {
        if (real != null) {
            real.close();
        }
    }

    @AfterEach
    void endGuests() {
        real.endGuests();
    }

    private static Guests guests(CommandRunner commands) {
        return guests(new LibvirtConfig(real.libvirt().uri(), 1, ATTEMPT), commands);
    }

    private static Guests guests(LibvirtConfig config, CommandRunner commands) {
        Virsh virsh = new Virsh(config, commands);
        DomainLooks looks = new DomainLooks(virsh);
        return new LibvirtGuests(virsh, looks, new DiskDetacher(config, virsh, looks));
    }

    @Override
    protected Guests open() {
        return guests;
    }

    @Override
    protected Guests unreachable() {
        return guests(new LibvirtConfig("qemu:///session?socket=/nowhere/libvirt-sock", 1, ATTEMPT),
                new SystemCommandRunner(List.of()));
    }

    @Override
    protected GuestVolume newVolume() {
        return real.newVolume();
    }

    @Override
    protected String newGuest(GuestVolume volume, Place place) {
        return real.newGuest(volume, place);
    }

    private GuestDisk look(String guest, GuestVolume volume) {
        return guests.inspect(stopped(guest), volume, soon());
    }

    @Test
    void whatLibvirtCallsDetachedAndTheGuestHasKeptIsTakenFromTheStoredDefinitionAlone() {
        GuestVolume volume = newVolume();
        String guest = newGuest(volume, Place.KEPT);

        assertThatThrownBy(() -> guests.detach(active(guest), volume, soon())).isInstanceOf(GuestRefused.class)
                .hasMessageContaining("keeps volume");

        assertThat(look(guest, volume).inRunning()).isEqualTo(Answer.YES);
        assertThat(look(guest, volume).inStored()).isEqualTo(Answer.NO); // as Nova's driver leaves it
    }

    @Test
    void aSourceSaysMoreThanASerial() {
        GuestVolume before = newVolume();
        GuestVolume after = newVolume();
        String guest = real.newGuestWithSerial(after, before.volumeId()); // as a swap of volumes leaves it

        assertThat(look(guest, after).inStored()).isEqualTo(Answer.YES);
        assertThat(look(guest, before).inStored()).isEqualTo(Answer.UNKNOWN);
        assertThatThrownBy(() -> guests.detach(stopped(guest), before, soon())).isInstanceOf(GuestRefused.class)
                .hasMessageContaining("may be another");
        assertThat(look(guest, after).inStored()).isEqualTo(Answer.YES);
    }

    @Test
    void aGuestWhoseProcessWasKilledDoesNotRunAndIsStillDefined() {
        GuestVolume volume = newVolume();
        String guest = newGuest(volume, Place.RUNNING_AND_STORED);

        real.killGuest(guest);

        assertThat(look(guest, volume).running()).isEqualTo(Answer.NO);
        assertThat(look(guest, volume).inRunning()).isEqualTo(Answer.NO);
        assertThat(look(guest, volume).inStored()).isEqualTo(Answer.YES);
        assertThat(look(guest, volume).detail()).contains("shut off (crashed)");
    }

    @Test
    void ofAKilledTransientGuestNothingIsLeft() {
        GuestVolume volume = newVolume();
        String guest = newGuest(volume, Place.TRANSIENT);

        real.killGuest(guest);

        assertThat(look(guest, volume).listed()).isEqualTo(Answer.NO);
        assertThat(look(guest, volume).detail()).contains("no domain");
    }

    @Test
    void aDaemonThatHasDiedSaysNothingOfGuestsThatGoOn() {
        GuestVolume volume = newVolume();
        String guest = newGuest(volume, Place.RUNNING_AND_STORED);
        real.libvirt().killDaemon();
        try {
            GuestDisk unknown = look(guest, volume);
            assertThat(unknown.listed()).isEqualTo(Answer.UNKNOWN);
            assertThat(unknown.running()).isEqualTo(Answer.UNKNOWN);
            assertThat(guests.inspect(volume, soon()).listed()).isEqualTo(Answer.UNKNOWN);
            assertThatThrownBy(() -> guests.detach(active(guest), volume, soon())).isInstanceOf(GuestRefused.class)
                    .hasMessageContaining("cannot be found out");
        } finally {
            real.libvirt().startDaemon();
        }
        assertThat(look(guest, volume).inRunning()).isEqualTo(Answer.YES);
    }

    @Test
    void aGuestThatHangsHoldsUpNobody() {
        GuestVolume volume = newVolume();
        String guest = newGuest(volume, Place.RUNNING_AND_STORED);
        GuestVolume other = newVolume();
        String healthy = newGuest(other, Place.RUNNING_AND_STORED);
        FrozenProcess.freeze(real.process(guest));
        try {
            assertThatThrownBy(() -> guests.detach(active(guest), volume, Deadline.after(Duration.ofSeconds(8))))
                    .isInstanceOf(GuestRefused.class);
            assertThat(look(guest, volume).inRunning()).isNotEqualTo(Answer.NO);
            guests.detach(active(healthy), other, soon());
            assertThat(look(healthy, other).listed()).isEqualTo(Answer.NO);
        } finally {
            FrozenProcess.thaw(real.process(guest));
        }
    }

    @Test
    void manyVolumesOfOneGuestAreOneLook() throws Exception {
        List<GuestVolume> volumes = IntStream.range(0, 40).mapToObj(_ -> newVolume()).toList();
        String guest = real.newGuest(volumes);
        AtomicInteger processes = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        SystemCommandRunner system = new SystemCommandRunner(List.of());
        Guests counted = guests(command -> {
            processes.incrementAndGet();
            await(go);
            return system.run(command);
        });
        Iterator<GuestVolume> next = volumes.iterator();
        var askers = new ManyAskers<>(volumes.size(), () -> {
            GuestVolume volume;
            synchronized (next) {
                volume = next.next();
            }
            return counted.inspect(new Guest(guest, false), volume, soon());
        });
        askers.awaitWaiting();
        go.countDown();

        assertThat(askers.answers()).extracting(GuestDisk::inStored).containsOnly(Answer.YES);
        assertThat(processes.get()).as("one, or one for who came first and one for all others").isBetween(1, 2);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Test
    void whatIsNoUuidReachesNoCommand() {
        assertThat(look("x; destroy y", newVolume()).listed()).isEqualTo(Answer.NO);
        assertThat(look(UUID.randomUUID().toString(), newVolume()).detail()).contains("no domain");
    }
}
