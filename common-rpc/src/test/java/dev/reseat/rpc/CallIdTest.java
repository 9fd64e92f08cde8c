package dev.reseat.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class CallIdTest {
    @Test
    void idsHaveTheFormOfPythonsUuids() {
        assertThat(Stream.generate(CallId::random).limit(1000).map(CallId::value)).allSatisfy(id -> {
            assertThat(id).matches("[0-9a-f]{32}");
            var uuid = UUID.fromString(id.replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5"));
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
        });
    }

    @Test
    void noTwoThreadsDrawTheSameId() {
        assertThat(Stream.generate(CallId::random).limit(100_000).parallel().distinct().count()).isEqualTo(100_000);
    }
}
