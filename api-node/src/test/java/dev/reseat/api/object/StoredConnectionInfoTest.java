package dev.reseat.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoredConnectionInfoTest {
    private static final String FLAT = "{\"driver_volume_type\": \"local\", \"device_path\": \"/volumes/v\"}";

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{\"driver_volume_type\": \"lo", "{u'driver_volume_type': u'local'}"})
    void theAttachmentStandsInForADamagedMapping(String damaged) {
        String told =
                StoredConnectionInfo.toDisconnect(device(Optional.of(damaged)), () -> Optional.of(attachment(FLAT)))
                        .orElseThrow();

        assertThat(JsonText.map(told)).isEqualTo(
                Map.of("driver_volume_type", "local", "data", Map.of("device_path", "/volumes/v")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "{\"driver_volume_type\": \"lo"})
    void damagedTextThatNothingStandsInForIsNotTakenForNone(String damaged) {
        BlockDevice device = device(Optional.of(damaged));

        assertThat(StoredConnectionInfo.toDisconnect(device, Optional::empty)).contains(damaged);
        assertThat(StoredConnectionInfo.toDisconnect(device, () -> Optional.of(attachment("{}")))).contains(damaged);
        assertThat(StoredConnectionInfo.toDisconnect(device, () -> Optional.of(attachment("{\"a\""))))
                .contains(damaged);
    }

    @Test
    void anIntactOneAndAnAbsentOneAreWhatTheyAre() {
        assertThat(StoredConnectionInfo.toDisconnect(device(Optional.of("{}")), () -> Optional.of(attachment(FLAT))))
                .contains("{}");
        assertThat(StoredConnectionInfo.toDisconnect(device(Optional.empty()), () -> Optional.of(attachment(FLAT))))
                .isEmpty();
    }

    /** Block storage always writes six decimals, also where a database keeps whole seconds. */
    @ParameterizedTest
    @CsvSource({
            "2026-11-22T08:00:00Z, 2026-11-22T08:00:00.000000",
            "2026-11-22T08:00:00.171Z, 2026-11-22T08:00:00.171000",
    })
    void aMappingHasTheTimeAsBlockStorageTellsIt(Instant attached, String told) {
        assertThat(JsonText.map(StoredConnectionInfo.forBlockDevice(attachment(FLAT, Optional.of(attached)))))
                .containsEntry("attached_at", told)
                .containsEntry("status", "reserved");
    }

    private static Attachment attachment(String connectionInfo) {
        return attachment(connectionInfo, Optional.empty());
    }

    private static Attachment attachment(String connectionInfo, Optional<Instant> attached) {
        return new Attachment(
                "a1", "v1", Optional.of("i1"), Optional.empty(), Optional.empty(), attached, Optional.empty(),
                Optional.of("rw"), "attached", Optional.of(connectionInfo), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), false);
    }

    private static BlockDevice device(Optional<String> connectionInfo) {
        return new BlockDevice(
                1, "b1", "i1", Optional.of("v1"), Optional.of("a1"), connectionInfo, Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false, false,
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty(), Optional.empty());
    }
}
