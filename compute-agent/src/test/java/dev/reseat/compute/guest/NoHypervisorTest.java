package dev.reseat.compute.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.evidence.Answer;
import dev.reseat.runtime.Deadline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoHypervisorTest {
    private static final Guest STOPPED = new Guest("i-1", false);
    private static final Guest ACTIVE = new Guest("i-2", true);
    private static final GuestVolume VOLUME = GuestVolume.named("v-1");
    private static final Deadline NEVER = Deadline.never();

    @ParameterizedTest
    @ValueSource(strings = {"", "vmwareapi.VMwareVCDriver"})
    void whoCannotBeAskedLetsNothingGo(String driver) {
        var guests = new NoHypervisor(new GuestsConfig(driver));
        assertThat(guests.inspect(STOPPED, VOLUME, NEVER).listed()).isEqualTo(Answer.UNKNOWN);
        assertThat(guests.inspect(VOLUME, NEVER)).as("any guest").isEqualTo(guests.inspect(STOPPED, VOLUME, NEVER));
        assertThat(guests.inventory(NEVER).blind()).isNotEmpty();
        assertThatThrownBy(() -> guests.detach(STOPPED, VOLUME, NEVER))
                .isInstanceOf(GuestRefused.class)
                .hasMessageContaining("compute_driver = none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "fake.FakeDriver"})
    void whereThereAreNoGuestsNothingHasToBeDone(String driver) {
        var guests = new NoHypervisor(new GuestsConfig(driver));
        assertThat(guests.inspect(STOPPED, VOLUME, NEVER).listed()).isEqualTo(Answer.NO);
        assertThat(guests.inspect(VOLUME, NEVER)).as("any guest")
                .isEqualTo(new GuestDisk(
                        Answer.NO, Answer.NO, Answer.NO, "this host runs no guests, says [DEFAULT] compute_driver"));
        assertThatCode(() -> guests.detach(STOPPED, VOLUME, NEVER)).doesNotThrowAnyException();
        assertThatThrownBy(() -> guests.detach(ACTIVE, VOLUME, NEVER)).isInstanceOf(GuestRefused.class);
    }

    @Test
    void aDiskIsListedByEitherDefinition() {
        assertThat(new GuestDisk(Answer.NO, Answer.YES, Answer.NO, "").listed()).isEqualTo(Answer.YES);
        assertThat(new GuestDisk(Answer.NO, Answer.UNKNOWN, Answer.NO, "").listed()).isEqualTo(Answer.UNKNOWN);
        assertThat(new GuestDisk(Answer.NO, Answer.NO, Answer.NO, "").listed()).isEqualTo(Answer.NO);
    }
}
