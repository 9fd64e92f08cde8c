package dev.reseat.rpc.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.reseat.rpc.Target;
import dev.reseat.testing.OsloPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that is said over the wire, by the real oslo.messaging to us, by us to it, and by it to itself (which
 * shows that a row asks for what upstream does), on each kind of queue. The table of it all is written to
 * {@code target/interop.md}.
 */
@Tag("broker")
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MatrixIT {
    private static final Path TABLE = Path.of("target", "interop.md");

    private final Map<QueueKind, Sides> sides = new EnumMap<>(QueueKind.class);
    private final Map<Cell, String> results = new HashMap<>();

    /** Who calls whom. */
    enum Pair {
        PYTHON_CALLS_PYTHON,
        PYTHON_CALLS_US,
        WE_CALL_PYTHON
    }

    record Cell(MatrixCase what, QueueKind queues, Pair pair) {
        @Override
        public String toString() {
            return words(what) + ", " + words(queues) + ", " + words(pair);
        }
    }

    /** Both sides on one kind of queue, each serving a target of its own. */
    private record Sides(
            Side.Python python, Side.Java ours, Target pythons, Target our, Optional<String> unknownOption) {
        static Sides open(QueueKind kind) {
            var wire = new Wire(kind.query());
            var ours = new Side.Java(wire);
            var python = new Side.Python(OsloPeer.connect(wire.url()));
            Optional<String> unknown = kind.options().filter(option -> !python.peer().knows(option)).findFirst();
            var sides = new Sides(python, ours, Wire.fresh(), Wire.fresh(), unknown);
            if (unknown.isEmpty()) {
                python.serve(sides.pythons);
                ours.serve(sides.our);
            }
            return sides;
        }

        void run(Cell cell) throws Exception {
            switch (cell.pair()) {
                case PYTHON_CALLS_PYTHON -> cell.what().run(python, python, pythons);
                case PYTHON_CALLS_US -> cell.what().run(python, ours, our);
                case WE_CALL_PYTHON -> cell.what().run(ours, python, pythons);
            }
        }
    }

    static Stream<Cell> cells() {
        return QueueKind.known()
                .stream()
                .flatMap(kind -> Stream.of(MatrixCase.values())
                        .flatMap(what -> Stream.of(Pair.values()).map(pair -> new Cell(what, kind, pair))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void bothSidesUnderstandEachOther(Cell cell) throws Exception {
        Sides ends = sides.computeIfAbsent(cell.queues(), Sides::open);
        results.put(cell, "n/a");
        assumeTrue(ends.unknownOption().isEmpty(), () -> "this oslo.messaging has no " + ends.unknownOption().get());
        results.put(cell, "**no**");
        ends.run(cell);
        results.put(cell, "yes");
    }

    @AfterAll
    void writeTable() throws IOException {
        sides.values().forEach(ends -> {
            ends.python().close();
            ends.ours().close();
        });
        String head = QueueKind.known()
                .stream()
                .flatMap(kind -> Stream.of(Pair.values()).map(pair -> words(kind) + ", " + words(pair)))
                .collect(Collectors.joining(" | ", "| | ", " |\n"));
        String rule = "|---".repeat(1 + QueueKind.known().size() * Pair.values().length) + "|\n";
        Files.createDirectories(TABLE.getParent());
        Files.writeString(TABLE, head + rule + Stream.of(MatrixCase.values())
                .map(this::row)
                .collect(Collectors.joining()), UTF_8);
    }

    private String row(MatrixCase what) {
        return cells().filter(cell -> cell.what() == what)
                .map(cell -> results.getOrDefault(cell, ""))
                .collect(Collectors.joining(" | ", "| " + words(what) + " | ", " |\n"));
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
