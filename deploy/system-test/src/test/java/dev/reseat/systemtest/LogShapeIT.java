package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every line that a service logs has the form that the page for operators gives. */
@Tag("broker")
@Tag("database")
final class LogShapeIT {
    private static final Path PAGE = Path.of("..", "..", "docs", "operators", "operations.md");
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> OPTIONAL = Set.of("throwable");

    @Test
    void everyLineHasTheFieldsOfThePage() throws IOException {
        Cloud cloud = Cloud.shared();
        var scene = new Scene(cloud);
        assertThat(cloud.http()
                .post("/v3/volumes/" + scene.stuck("logged", "detaching").volume() + "/action",
                        "{\"os-reset_status\": {\"status\": \"available\"}}")
                .status()).isEqualTo(202);

        Set<String> fields = firstColumn("field");
        Set<String> ids = firstColumn("id in `mdc`");
        Set<String> seen = new TreeSet<>();
        for (ServiceProcess service : List.of(cloud.apiNode(), cloud.volumeManager(), cloud.computeAgent())) {
            List<String> lines = service.output().soFar();
            assertThat(lines).isNotEmpty();
            for (String line : lines) {
                JsonNode event = JSON.readTree(line);
                assertThat(event.propertyNames()).as(line).isSubsetOf(fields);
                assertThat(fields.stream().filter(field -> !event.has(field))).as(line).isSubsetOf(OPTIONAL);
                assertThat(event.path("timestamp").isIntegralNumber()).as(line).isTrue();
                assertThat(event.path("mdc").propertyNames()).as(line).isSubsetOf(ids);
                seen.addAll(event.path("mdc").propertyNames());
            }
        }
        assertThat(seen).contains("request_id");
    }

    private static Set<String> firstColumn(String head) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<String> lines = Files.lines(PAGE)) {
            lines.dropWhile(line -> !line.startsWith("| " + head + " |"))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .flatMap(line -> Stream.of(line.split("\\|", -1)[1].split(",", -1)))
                    .forEach(name -> names.add(name.replace("`", "").strip()));
        }
        assertThat(names).isNotEmpty();
        return names;
    }
}
