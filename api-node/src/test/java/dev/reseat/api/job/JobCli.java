package dev.reseat.api.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.ReseatCli;
import dev.reseat.api.rest.json.RestJson;
import dev.reseat.testing.CloudFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The operator's command against one api-node. */
public record JobCli(int port) {
    private static final Duration SETTLED = Duration.ofSeconds(60);

    public record Run(int code, String out, String err) {}

    public Run run(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = ReseatCli.run(
                words,
                Map.of("RESEAT_ENDPOINT", "http://127.0.0.1:" + port, "OS_AUTH_TYPE", "noauth", "OS_USER_ID",
                        CloudFixture.USER, "OS_PROJECT_ID", CloudFixture.PROJECT),
                new PrintWriter(out), new PrintWriter(err));
        return new Run(code, out.toString(), err.toString());
    }

    /** With that exit code. */
    public Run run(int code, String... words) {
        Run run = run(words);
        assertThat(run.code()).as(run.toString()).isEqualTo(code);
        return run;
    }

    public JsonNode json(int code, String... words) {
        return RestJson.mapper().readTree(run(code, words).out());
    }

    /** Makes a job; its id. */
    String create(String... words) {
        String[] all = new String[words.length + 3];
        System.arraycopy(new String[]{"job", "create"}, 0, all, 0, 2);
        System.arraycopy(words, 0, all, 2, words.length);
        all[all.length - 1] = "--json";
        return json(0, all).at("/job/id").asString();
    }

    public JsonNode show(String job) {
        return json(0, "job", "show", job, "--json").path("job");
    }

    /** How it goes on, as server-sent events; returns when it has ended. */
    HttpResponse<String> events(String job) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + port + "/reseat/v1/jobs/" + job + "/events"))
                            .header("X-Auth-Token", CloudFixture.USER + ":" + CloudFixture.PROJECT)
                            .timeout(Duration.ofMinutes(2))
                            .build(),
                    BodyHandlers.ofString());
        }
    }

    JsonNode report(String job) {
        return json(0, "job", "report", job, "--json");
    }

    /** How many items are in which state. */
    public Map<String, Long> states(String job) {
        Map<String, Long> states = new TreeMap<>();
        report(job).path("items").forEach(item -> states.merge(item.path("state").asString(), 1L, Long::sum));
        return states;
    }

    /** Waits until that is said of the item of an instance. */
    void awaitDetail(String job, String instance, String detail) {
        long end = System.nanoTime() + SETTLED.toNanos();
        while (report(job).path("items")
                .valueStream()
                .filter(item -> item.path("instance_id").asString().equals(instance))
                .noneMatch(item -> item.path("detail").asString("").contains(detail))) {
            assertThat(System.nanoTime()).as(report(job).toString()).isLessThan(end);
        }
    }

    /** Waits until a job's items are in these states, so many in each. */
    void awaitStates(String job, Map<String, Long> wanted) {
        long end = System.nanoTime() + SETTLED.toNanos();
        while (!states(job).equals(wanted)) {
            assertThat(System.nanoTime()).as(report(job).toString()).isLessThan(end);
        }
    }
}
