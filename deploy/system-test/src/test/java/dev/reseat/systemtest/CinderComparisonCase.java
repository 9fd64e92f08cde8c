package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.systemtest.ExplainedAnswers.Difference;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A real cinder-api and ours at the same rows: the same answers to the same requests, but for what is explained. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class CinderComparisonCase {
    private static final String FLOW = "flow ";
    private static final String FAILING = "failing ";
    /** All of them, explained or not, for whoever mends the page. */
    private static final Path DIFFERENCES =
            Path.of(System.getProperty("basedir", ""), "target", "cinder-differences.txt").toAbsolutePath();

    private final HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    private OpenStackSettings settings;
    private Map<String, String> words;
    private int asked;

    abstract OpenStackWithOurs cloud();

    @BeforeAll
    void start() {
        settings = cloud().openstack().settings();
        words = ComparisonRows.write(cloud().openstack().databases());
    }

    @AfterAll
    void end() {
        client.shutdownNow();
        if (words != null) {
            ComparisonRows.remove(cloud().openstack().databases(), words);
        }
    }

    /** One of the two APIs, and the volume that a flow is done to through it. */
    private final class Side {
        private final String root;
        private final Map<String, String> ids = new HashMap<>(words);
        private final Map<String, String> own = new LinkedHashMap<>();

        Side(int port) {
            root = "http://127.0.0.1:" + port;
            own.put(root, "ADDRESS");
        }

        Side with(String volume) {
            ids.put("V", volume);
            own.put(volume, "VOLUME");
            return this;
        }

        ComparedAnswer ask(ComparedRequest request, boolean withTimes) throws IOException, InterruptedException {
            HttpResponse<String> response = client.send(
                    request.to(root, CloudFixture.USER, CloudFixture.PROJECT, ids), BodyHandlers.ofString());
            if (ids.containsKey("V")) {
                ComparedAnswer.attachments(response.body()).forEach(id -> {
                    ids.put("A", id);
                    own.put(id, "ATTACHMENT");
                });
            }
            return ComparedAnswer.of(response, own, withTimes);
        }

        String volume() {
            return ids.get("V");
        }
    }

    @Test
    void theSameRequestsAreAnsweredAlike() throws Exception {
        ExplainedAnswers page = ExplainedAnswers.ofThePage();
        List<Difference> differences = new ArrayList<>(readings());
        for (Map.Entry<String, List<String>> flow : flows().entrySet()) {
            differences.addAll(flow(flow.getKey(), flow.getValue()));
        }

        Files.write(DIFFERENCES, differences.stream().map(Difference::toString).toList());
        assertThat(page.unexplained(differences)).as(asked + " requests, differences that the page does not explain")
                .isEmpty();
        assertThat(page.unused()).as("rows of the page that explain nothing").isEmpty();
        assertThat(asked).isGreaterThan(241);
    }

    private List<Difference> readings() throws Exception {
        Side ours = new Side(settings.apiPort());
        Side theirs = new Side(settings.cinderPort());
        List<Difference> differences = new ArrayList<>();
        for (String line : lines("requests.txt")) {
            for (ComparedRequest request : ComparedRequest.parse(line)) {
                // what services report goes on
                boolean withTimes = !request.path().startsWith("/os-services");
                differences.addAll(compared(request.name(), request, ours, theirs, withTimes));
            }
        }
        return differences;
    }

    private List<Difference> compared(
            String name, ComparedRequest request, Side ours, Side theirs, boolean withTimes) throws Exception {
        asked++;
        ComparedAnswer their = theirs.ask(request, withTimes);
        return ours.ask(request, withTimes).differences(name, their);
    }

    private List<Difference> flow(String name, List<String> steps) throws Exception {
        OpenStackScene scene = cloud().scene();
        Side ours = new Side(settings.apiPort()).with(scene.volume("compared"));
        Side theirs = new Side(settings.cinderPort()).with(scene.volume("compared"));
        List<Difference> differences = new ArrayList<>();
        for (String step : steps) {
            if (step.startsWith(FAILING)) {
                scene.failing(ours.volume(), step.substring(FAILING.length()));
                scene.failing(theirs.volume(), step.substring(FAILING.length()));
            } else {
                for (ComparedRequest request : ComparedRequest.parse(step)) {
                    differences.addAll(compared(name + ": " + request.name(), request, ours, theirs, false));
                }
            }
        }
        differences.addAll(rows(name, ours, theirs));
        return differences;
    }

    /** Of what the flow has left, with cinder-volume's calls of its driver. */
    private List<Difference> rows(String name, Side ours, Side theirs) {
        OpenStackDatabases databases = cloud().openstack().databases();
        List<Difference> differences = new ArrayList<>();
        new StoredRows().read(databases, ours.volume(), Optional.empty())
                .differences(new StoredRows().read(databases, theirs.volume(), Optional.empty()))
                .forEach(one -> differences.add(
                        new Difference(name, "row " + one.column(), one.ours(), one.theirs())));
        List<String> ourCalls = cloud().scene().driverCalls(ours.volume());
        List<String> theirCalls = cloud().scene().driverCalls(theirs.volume());
        if (!ourCalls.equals(theirCalls)) {
            differences.add(new Difference(name, "calls", ourCalls.toString(), theirCalls.toString()));
        }
        return differences;
    }

    private static Map<String, List<String>> flows() throws IOException {
        Map<String, List<String>> flows = new LinkedHashMap<>();
        List<String> steps = List.of();
        for (String line : lines("flows.txt")) {
            if (line.startsWith(FLOW)) {
                steps = new ArrayList<>();
                flows.put(line.substring(FLOW.length()), steps);
            } else {
                steps.add(line);
            }
        }
        return flows;
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(OpenStackPrograms.scripts().resolveSibling("comparison").resolve(file))
                .stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }
}
