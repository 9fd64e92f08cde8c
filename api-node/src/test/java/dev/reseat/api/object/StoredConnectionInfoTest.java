package dev.reseat.api.object;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.model.Attachment;
import dev.reseat.api.model.BlockDevice;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void aMappingHasWhatBlockStorageAnswersBeforeItKnowsATime() {
        assertThat(JsonText.map(StoredConnectionInfo.forBlockDevice(attachment(FLAT))))
                .containsEntry("attached_at", "")
                .containsEntry("detached_at", "")
                .containsEntry("status", "reserved");
    }

    private static Attachment attachment(String connectionInfo) {
        Optional<Instant> attached = Optional.of(Instant.parse("2026-11-22T08:00:00.171Z"));
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
