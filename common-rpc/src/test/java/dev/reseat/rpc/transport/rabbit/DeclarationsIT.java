package dev.reseat.rpc.transport.rabbit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.transport.Address;
import dev.reseat.rpc.transport.ListenAddress;
import dev.reseat.rpc.transport.Outgoing;
import dev.reseat.rpc.transport.Received;
import dev.reseat.rpc.transport.Transport;
import dev.reseat.rpc.transport.TransportUrl;
import dev.reseat.rpc.transport.rabbit.DocumentedDeclarations.Row;
import dev.reseat.runtime.Settings;
import dev.reseat.testing.PythonPeer;
import dev.reseat.testing.RabbitBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What we declare under each option is what the real oslo.messaging declares under it, to the type of each argument;
 * for options that the installed version does not have, what the newest one is known to declare.
 */
@Tag("broker")
final class DeclarationsIT {
    private static final JsonMapper JSON = new JsonMapper();
    /** What both sides need, and what does not show: the peer's end takes less time with short heartbeats. */
    private static final Map<String, String> ALWAYS =
            Map.of("rabbit_qos_prefetch_count", "10", "heartbeat_timeout_threshold", "6");

    @TempDir private static Path locks;
    private static Declared whileOpen;
    private static Declared afterClose;
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final Map<Row, Sides> SIDES = new HashMap<>();

    /** @param ourReplies name of our reply queue; {@code pythons} of theirs, empty if it does not know the option */
    private record Sides(String ourReplies, String pythons) {}

    static Stream<Row> rows() {
        return DocumentedDeclarations.rows();
    }

    @BeforeAll
    static void declareBothSides() throws Exception {
        PrivateRabbitNode node = RabbitBroker.restartable().own();
        List<Transport> ours = new ArrayList<>();
        try (PythonPeer python = PythonPeer.start("oslo_declare.py", node.transportUrl())) {
            for (Row row : rows().toList()) {
                String replies = declareOurs(node.transportUrl(), row, ours);
                SIDES.put(row, new Sides(replies, declarePythons(python, row)));
            }
            whileOpen = Declared.on(node);
        } finally {
            ours.forEach(Transport::close);
        }
        afterClose = Declared.on(node);
        Files.deleteIfExists(Path.of("/dev/shm", DocumentedDeclarations.HOST + "_declare_qmanager"));
    }

    private static Map<String, String> options(Row row) {
        Map<String, String> options = new HashMap<>(ALWAYS);
        options.putAll(row.options());
        return options;
    }

    private static String declarePythons(PythonPeer python, Row row) throws InterruptedException {
        python.send(JSON.writeValueAsString(Map.of("topic", row.topic("python"), "options", options(row))));
        JsonNode answer = JSON.readTree(python.line());
        return answer.path("reply").asString("");
    }

    private static String declareOurs(String url, Row row, List<Transport> opened) {
        Settings settings = Settings.parse("[oslo_concurrency]\nlock_path = " + locks)
                .over(Options.GROUP, options(row), "test");
        String topic = row.topic("java");
        var transport = RabbitTransport.of(
                TransportUrl.parse(url), settings.checked(RabbitConfig::from), "reseat-test");
        opened.add(transport);
        transport.listen(new ListenAddress.Server(topic + "_exchange", topic, "host-a"), Received.acknowledging());
        String replies = transport.newReplyQueueName();
        transport.listen(new ListenAddress.Replies(replies), Received.acknowledging());
        var body = Outgoing.of("{}".getBytes(UTF_8));
        transport.send(new Address.Notification(topic + "_notifications", topic + "_topic.info"), body, WITHIN);
        return replies;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void weDeclareWhatIsDocumented(Row row) {
        assertThat(whileOpen.of(row.topic("java"), SIDES.get(row).ourReplies())).isEqualTo(row.documented());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void pythonDeclaresTheSame(Row row) {
        String replies = SIDES.get(row).pythons();
        assumeFalse(replies.isEmpty(), "the installed oslo.messaging does not have this option");
        assertThat(whileOpen.of(row.topic("python"), replies)).isEqualTo(row.documented());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void theFanoutQueueIsLeftBehindOnlyIfSomebodyWillUseIt(Row row) {
        boolean stays =
                row.options().containsKey("rabbit_stream_fanout") || row.options().containsKey("use_queue_manager");
        Set<String> left = afterClose.of(row.topic("java"), SIDES.get(row).ourReplies());
        assertThat(left.stream().anyMatch(line -> line.startsWith("queue T_fanout"))).isEqualTo(stays);
        String pythons = SIDES.get(row).pythons();
        if (!pythons.isEmpty()) {
            assertThat(left).isEqualTo(afterClose.of(row.topic("python"), pythons));
        }
    }

    @Test
    void managedNamesTellHostAndProcessAndCountOn() {
        Row row = rows().filter(one -> one.options().containsKey("use_queue_manager")).findFirst().orElseThrow();
        String unit = DocumentedDeclarations.HOST + ":declare:";
        assertThat(whileOpen.lines()).anySatisfy(line -> assertThat(line)
                .startsWith("queue " + row.topic("java") + "_fanout_" + unit + "1 "));
        assertThat(SIDES.get(row).ourReplies()).isEqualTo("reply_" + unit + "2");
        String pythons = SIDES.get(row).pythons();
        if (!pythons.isEmpty()) {
            assertThat(pythons).isEqualTo("reply_" + unit + "4");
        }
    }
}
