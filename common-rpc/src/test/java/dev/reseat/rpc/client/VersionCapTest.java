package dev.reseat.rpc.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.contract.compute.ComputeRpc;
import dev.reseat.rpc.RpcVersion;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VersionCapTest {
    private static Optional<VersionCap> compute(String settings) {
        return Settings.parse(settings)
                .checked(all -> VersionCap.from(all, "compute", ComputeRpc.RELEASES));
    }

    /** As the real Nova has its aliases. */
    @ParameterizedTest
    @CsvSource({
            "6.0, 6.0", "5.13, 5.13", "queens, 5.0", "victoria, 5.12", "wallaby, 6.0", "zed, 6.1", "Caracal, 6.3",
            "gazpacho, 6.5",
    })
    void aVersionOrAReleaseIsACap(String level, String version) {
        assertThat(compute("[upgrade_levels]\ncompute = " + level).orElseThrow().version())
                .isEqualTo(RpcVersion.parse(version));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[upgrade_levels]\ncompute = auto", "[upgrade_levels]\ncompute ="})
    void autoAndNothingAreNoCap(String settings) {
        assertThat(compute(settings)).isEmpty();
    }

    @Test
    void itsAdviceNamesTheOption() {
        assertThat(compute("[upgrade_levels]\ncompute = zed").orElseThrow().advice())
                .contains("[upgrade_levels] compute", "raise or remove it");
    }

    @Test
    void anUnknownReleaseIsAProblemOfTheSettings() {
        assertThatThrownBy(() -> compute("[upgrade_levels]\ncompute = folsom"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("[upgrade_levels] compute")
                .hasMessageContaining("must be a version such as 6.0, a release that is known here, or auto");
    }
}
