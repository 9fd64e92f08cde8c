package dev.reseat.api.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One case of a file in {@code patterns/}: facts, and the row that must describe them. What it does not name is as in a
 * detached volume in good health.
 */
record PatternFixture(String file, int number, String row, VolumeFacts facts) {
    static List<PatternFixture> all() {
        return all(folder());
    }

    static List<PatternFixture> all(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().flatMap(PatternFixture::cases).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where they are. */
    static Path folder() {
        try {
            return Path.of(PatternFixture.class.getResource("patterns").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Stream<PatternFixture> cases(Path file) {
        JsonNode document;
        try {
            document = JsonMapper.shared().readTree(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonNode cases = document.path("cases");
        return IntStream.range(0, cases.size())
                .mapToObj(i -> new PatternFixture(
                        file.getFileName().toString(), i + 1, document.path("row").asString(), facts(cases.get(i))));
    }

    static VolumeFacts facts(JsonNode named) {
        if (!named.propertyNames().stream().allMatch(name -> Fact.named(name).isPresent())) {
            throw new IllegalArgumentException("not all of these are facts: " + named.propertyNames());
        }
        return VolumeFacts.of(fact -> named.path(fact.text()).asString(fact.words().getFirst()), Set.of());
    }

    @Override
    public String toString() {
        return file + " " + number;
    }
}
