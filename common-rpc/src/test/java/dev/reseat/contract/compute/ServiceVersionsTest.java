package dev.reseat.contract.compute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.rpc.RpcVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ServiceVersionsTest {
    /** First and last of each that matters for what is sent. */
    @ParameterizedTest
    @CsvSource({
            "30, 5.0", "36, 5.0", "37, 5.1", "49, 5.10", "50, 5.11", "52, 5.11", "53, 5.12", "54, 5.13", "55, 5.13",
            "56, 6.0", "63, 6.0", "64, 6.1", "65, 6.1", "66, 6.2", "67, 6.3", "68, 6.4", "70, 6.4", "71, 6.5",
            "73, 6.5",
    })
    void aServiceServesWhatItsVersionStandsFor(int service, String served) {
        assertThat(ServiceVersions.served(service)).contains(RpcVersion.parse(served));
    }

    @Test
    void oneNewerThanTheTableServesTheLastOfItAtLeast() {
        assertThat(ServiceVersions.served(90)).contains(ComputeRpc.VERSION);
    }

    @Test
    void oneFromBeforeTheFirstThatIsSpokenHereIsBelowIt() {
        assertThat(ServiceVersions.served(29)).hasValueSatisfying(
                served -> assertThat(served).isLessThan(RpcVersion.of(5, 0)));
        assertThat(ServiceVersions.served(0)).as("no version").isEmpty();
    }
}
