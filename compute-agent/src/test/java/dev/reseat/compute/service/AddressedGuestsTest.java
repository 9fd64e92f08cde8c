package dev.reseat.compute.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.compute.guest.GuestInventory;
import dev.reseat.compute.guest.GuestInventory.Disk;
import dev.reseat.contract.compute.GuestsByAddress;
import dev.reseat.contract.compute.GuestsByAddress.Use;
import dev.reseat.contract.evidence.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AddressedGuestsTest {
    private static final GuestInventory HERE = new GuestInventory(
            List.of(disk("runs", List.of("10.0.0.1:6789", "10.0.0.2:6789"), List.of("10.0.0.9:6789")),
                    disk("stopped", List.of(), List.of("[FD00:0::1]:3300")),
                    disk("elsewhere", List.of("10.0.0.10:6789"), List.of("10.0.0.10:6789")),
                    disk("odd", List.of(":", "no address: at all"), List.of()),
                    new Disk("path", "/dev/sdb", Answer.YES, Answer.YES, Answer.YES, "vdb")),
            List.of("one domain is silent"));

    private static Disk disk(String instance, List<String> running, List<String> stored) {
        return new Disk(instance, "volumes/v", Answer.YES, Answer.YES, Answer.YES, "vdb", running, stored);
    }

    private static GuestsByAddress.Result over(String... addresses) {
        return AddressedGuests.of(List.of(addresses), HERE);
    }

    @Test
    void aDefinitionNamesAnAddressNotItsText() {
        assertThat(over("10.0.0.1", "fd00::1").uses()).containsExactly(
                new Use("runs", "volumes/v", Answer.YES, Answer.NO),
                new Use("stopped", "volumes/v", Answer.NO, Answer.YES));
        assertThat(over("10.0.0.1:3300").uses()).isEmpty();
        assertThat(over("10.0.0.9").uses()).containsExactly(new Use("runs", "volumes/v", Answer.NO, Answer.YES));
    }

    @Test
    void whatCouldNotBeLookedAtIsSaid() {
        assertThat(over("10.0.0.77").uses()).isEmpty();
        assertThat(over("10.0.0.77").blind()).containsExactly("one domain is silent");
    }

    @Test
    void whatIsNoAddressIsNotAskedFor() {
        assertThatThrownBy(() -> over("10.0.0.1:x")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.1:x");
    }
}
