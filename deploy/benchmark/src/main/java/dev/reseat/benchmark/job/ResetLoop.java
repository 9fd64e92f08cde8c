package dev.reseat.benchmark.job;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What operators do without jobs: volumes are reset one after the other. */
final class ResetLoop {
    private static final Path CINDER = Path.of("/usr/bin/cinder");
    private static final long ONE_MINUTES = 2;
    private static final String RESET = "{\"os-reset_status\": {\"status\": \"available\"}}";

    private ResetLoop() {}

    static boolean hasCinderClient() {
        return Files.isExecutable(CINDER);
    }

    /** {@code for volume in …; do cinder reset-state …; done}. @return volumes in a second */
    static double ofCommands(String endpoint, String project, List<String> volumes)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        for (String volume : volumes) {
            Process cinder = new ProcessBuilder(
                    CINDER.toString(), "--os-auth-type", "noauth", "--os-endpoint", endpoint + "/v3",
                    "--os-project-id", project, "--os-user-id", "bench", "reset-state", "--state", "available", volume)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!cinder.waitFor(ONE_MINUTES, TimeUnit.MINUTES) || cinder.exitValue() != 0) {
                cinder.destroyForcibly();
                throw new IllegalStateException("cinder reset-state failed for " + volume);
            }
        }
        return perSecond(volumes.size(), begin);
    }

    /** The same request over one connection that is kept, without a program for each. @return volumes in a second */
    static double ofRequests(String endpoint, String project, List<String> volumes)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (String volume : volumes) {
                HttpResponse<String> answer = http.send(
                        HttpRequest.newBuilder(
                                URI.create(endpoint + "/v3/" + project + "/volumes/" + volume + "/action"))
                                .header("X-Auth-Token", "bench:" + project)
                                .header("Content-Type", "application/json")
                                .timeout(Duration.ofMinutes(ONE_MINUTES))
                                .POST(BodyPublishers.ofString(RESET))
                                .build(),
                        BodyHandlers.ofString());
                if (answer.statusCode() != 202) {
                    throw new IllegalStateException(
                            "a reset was answered with " + answer.statusCode() + ": " + answer.body());
                }
            }
        }
        return perSecond(volumes.size(), begin);
    }

    private static double perSecond(int count, long begin) {
        return count / ((System.nanoTime() - begin) / 1e9);
    }
}
