package dev.reseat.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestContextTest {
    @ParameterizedTest
    @CsvSource({
            "2026-08-01T12:00:00Z, 2026-08-01T12:00:00.000000",
            "2026-08-01T12:00:00.5Z, 2026-08-01T12:00:00.500000",
            "2026-08-01T12:00:00.123Z, 2026-08-01T12:00:00.123000",
            "2026-08-01T12:00:00.123456Z, 2026-08-01T12:00:00.123456",
            "2026-08-01T12:00:00.000000999Z, 2026-08-01T12:00:00.000000",
            "2026-12-31T23:59:59.999999999Z, 2026-12-31T23:59:59.999999",
    })
    void aTimestampHasSixDigitsOfFractionAlways(Instant now, String written) {
        assertThat(RequestContext.of("u1", "p1", true, "req-1", now).values()).containsEntry("timestamp", written);
    }

    @Test
    void aServicesOwnContextHasOneToo() {
        assertThat(RequestContext.admin().values().get("timestamp")).asString()
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}");
    }
}
