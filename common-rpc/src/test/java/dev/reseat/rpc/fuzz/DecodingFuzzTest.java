package dev.reseat.rpc.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.reseat.contract.compute.BlockDeviceMappingList;
import dev.reseat.contract.compute.InstanceObject;
import dev.reseat.contract.volume.VolumeObject;
import dev.reseat.rpc.envelope.EnvelopeCodec;
import dev.reseat.rpc.envelope.GoldenMessages;
import dev.reseat.rpc.envelope.MalformedMessage;
import dev.reseat.rpc.envelope.Message;
import dev.reseat.rpc.object.ObjectRejected;
import dev.reseat.rpc.object.WireMapper;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whatever comes over the wire is a message or is refused as none. The {@code FuzzTest}s run over the recorded messages
 * in every build;
 * {@code mvn -pl common-rpc test -Dreseat.fuzz=true -Dtest=DecodingFuzzTest#anyBodyIsAMessageOrMalformed} lets Jazzer
 * look further, led by coverage. The tests with seeds are the same every time.
 */
@Tag("fuzz")
@Timeout(300)
final class DecodingFuzzTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonMapper WIRE = WireMapper.create();
    private static final EnvelopeCodec CODEC = new EnvelopeCodec(WIRE);
    private static final int MUTATIONS = 8_000;

    static Stream<Arguments> bodies() {
        return GoldenMessages.all().values().stream().map(body -> Arguments.of((Object) body));
    }

    static Stream<Arguments> failures() {
        return GoldenMessages.all()
                .values()
                .stream()
                .map(GoldenMessages::inner)
                .filter(inner -> inner.get("failure") instanceof String)
                .map(inner -> Arguments.of(inner.get("failure")));
    }

    static Stream<Arguments> objects() throws IOException {
        return Stream.of(golden("Instance-2.7.json"), golden("Volume-1.9.json")).map(Arguments::of);
    }

    private static String golden(String name) throws IOException {
        try (var file = DecodingFuzzTest.class.getResourceAsStream("/golden/" + name)) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    @MethodSource("bodies")
    @FuzzTest(maxDuration = "3m")
    void anyBodyIsAMessageOrMalformed(byte[] body) {
        if (body != null) {
            decoded(body);
            notification(body);
        }
    }

    @MethodSource("failures")
    @FuzzTest(maxDuration = "3m")
    void anyFailureIsAFailure(String failure) {
        Map<String, Object> inner = new HashMap<>(Map.of("_msg_id", "1", "ending", true));
        inner.put("failure", failure);
        byte[] body = JSON.writeValueAsBytes(
                Map.of("oslo.version", "2.0", "oslo.message", JSON.writeValueAsString(inner)));

        var reply = (Message.Reply) CODEC.decode(body);

        assertThat(reply.failure().isPresent()).isEqualTo(failure != null && !failure.isEmpty());
    }

    @MethodSource("objects")
    @FuzzTest(maxDuration = "3m")
    void anyJsonIsAVersionedObjectOrRejected(String json) {
        if (json != null) {
            for (Class<?> type : List.of(VolumeObject.class, InstanceObject.class, BlockDeviceMappingList.class)) {
                object(json, type);
            }
        }
    }

    @Test
    void noMutationOfARecordedMessageGetsThrough() {
        var mutations = new Mutations(20_261_122);
        int messages = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] body = mutations.next();
            messages += decoded(body).isPresent() ? 1 : 0;
            notification(body);
        }
        assertThat(messages).as("of the mutations some must still be messages, and some not")
                .isBetween(MUTATIONS / 10, MUTATIONS * 9 / 10);
    }

    /** What it decodes to is used, as a server or a client would. */
    private static Optional<Message> decoded(byte[] body) {
        try {
            Message message = CODEC.decode(body);
            Object value = switch (message) {
                case Message.Request request -> CODEC.bind(request.args(), Object.class);
                case Message.Reply reply -> CODEC.bind(reply.result(), Object.class);
            };
            assertThat(WIRE.writeValueAsString(value)).isNotEmpty();
            return Optional.of(message);
        } catch (MalformedMessage e) {
            assertThat(e.getMessage()).isNotBlank();
            return Optional.empty();
        }
    }

    private static void notification(byte[] body) {
        try {
            assertThat(CODEC.readNotification(body).fields()).isNotNull();
        } catch (MalformedMessage e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static void object(String json, Class<?> type) {
        try {
            Object read = WIRE.readValue(json, type);
            assertThat(read == null || type.isInstance(read)).isTrue();
        } catch (ObjectRejected e) {
            assertThat(e.failure().type()).isNotEmpty();
        } catch (JacksonException e) {
            assertThat(e).isNotNull();
        }
    }
}
