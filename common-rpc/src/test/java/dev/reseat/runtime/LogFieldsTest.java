package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LogFieldsTest {
    @Test
    void theInnerScopeGivesTheOuterOneBack() {
        try (LogFields.Scope _ = LogFields.request("req-1")) {
            try (LogFields.Scope _ = LogFields.request("req-2")) {
                assertThat(MDC.get("request_id")).isEqualTo("req-2");
            }
            assertThat(MDC.get("request_id")).isEqualTo("req-1");
        }
        assertThat(MDC.get("request_id")).isNull();
    }
}
