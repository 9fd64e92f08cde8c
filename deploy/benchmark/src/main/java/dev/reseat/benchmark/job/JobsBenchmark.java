package dev.reseat.benchmark.job;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** Runs jobs of resets, one after the other, and measures each. For one thread. */
final class JobsBenchmark {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration ANSWER = Duration.ofMinutes(5);
    private static final long LOOK_MILLIS = 100;
    private static final String STATE = "SELECT state FROM reseat.job WHERE id = CAST(? AS uuid)";

    private final JobsCloud cloud;
    private final PrintStream progress;

    JobsBenchmark(JobsCloud cloud, PrintStream progress) {
        this.cloud = cloud;
        this.progress = progress;
    }

    /** @throws IllegalStateException if not every item was done */
    JobsResult run(int items) throws IOException, InterruptedException {
        progress.printf("a job of %d items%n", items);
        String project = cloud.stuckVolumes(items);
        cloud.database().resetCounts();
        long cpu = cloud.cpuNanos();
        String job = create(project);
        awaitDone(job, items);
        long statements = cloud.database().statements();
        cpu = cloud.cpuNanos() - cpu;
        if (cloud.free(project) != items) {
            throw new IllegalStateException("of " + items + " volumes are free: " + cloud.free(project));
        }
        return new JobsResult(
                items,
                seconds("SELECT EXTRACT(EPOCH FROM resumed_at - created_at) FROM reseat.job WHERE id = CAST(? AS uuid)",
                        job),
                seconds("SELECT EXTRACT(EPOCH FROM ended_at - resumed_at) FROM reseat.job WHERE id = CAST(? AS uuid)",
                        job),
                percentile(0.5, job), percentile(0.99, job), 1.0 * statements / items,
                cpu / 1e6 / items, cloud.heapBytes());
    }

    /** Without limits: what is to be measured is what an item costs. */
    String create(String project) throws IOException, InterruptedException {
        Map<String, Object> order = Map.of(
                "select", Map.of("project", List.of(project), "state", List.of("error")),
                "reset", Map.of("status", "available"),
                "limits", Map.of("per_host", 0, "per_backend", 0, "canary", 0, "wave", 0),
                "apply", true);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(cloud.url() + "/reseat/v1/jobs"))
                            .header("X-Auth-Token", "bench:" + project)
                            .header("Content-Type", "application/json")
                            .timeout(ANSWER)
                            .POST(BodyPublishers.ofString(JSON.writeValueAsString(order)))
                            .build(),
                    BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new IllegalStateException("no job was made: " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body()).at("/job/id").stringValue();
        }
    }

    private void awaitDone(String job, int items) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120 + items / 2);
        String state = cloud.ask(STATE, job);
        while (List.of("planning", "running").contains(state) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS); // whoever looks all the time is measured, too
            state = cloud.ask(STATE, job);
        }
        String ends = cloud.ask("SELECT string_agg(line, ', ') FROM (SELECT count(*) || ' ' || state AS line"
                + " FROM reseat.job_item WHERE job = CAST(? AS uuid) GROUP BY state) counts", job);
        if (!state.equals("done") || !ends.equals(items + " done")) {
            throw new IllegalStateException("the job is " + state + ": " + ends);
        }
    }

    private double percentile(double share, String job) {
        return 1000 * seconds(
                "SELECT EXTRACT(EPOCH FROM percentile_cont(" + share
                        + ") WITHIN GROUP (ORDER BY ended_at - started_at))"
                        + " FROM reseat.job_item WHERE job = CAST(? AS uuid)",
                job);
    }

    private double seconds(String sql, String job) {
        return Double.parseDouble(cloud.ask(sql, job));
    }
}
