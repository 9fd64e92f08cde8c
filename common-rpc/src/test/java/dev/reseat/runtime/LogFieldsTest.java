package dev.reseat.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class LogFieldsTest {
    @Test
    void severalFieldsComeAndGoTogether() {
        try (LogFields.Scope _ = LogFields.request("req-1")) {
            try (LogFields.Scope _ = LogFields.of(Map.of("request_id", "req-2", "user_id", "u"))) {
                assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request_id", "req-2", "user_id", "u"));
            }
            assertThat(MDC.getCopyOfContextMap()).isEqualTo(Map.of("request_id", "req-1"));
        }
    }

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
