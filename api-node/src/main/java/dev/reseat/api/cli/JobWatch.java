package dev.reseat.api.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code reseat job watch}: looks on until the job goes on no more. */
@Command(name = "watch", mixinStandardHelpOptions = true,
        description = "Shows how a job goes on, until it does no more by "
                + "itself: it is planned, paused, stopped, cancelled or done.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                " 0:done, or planned; nothing has failed",
                " 1:done, and some items have failed; or it has left an instance stopped",
                " 8:paused, stopped or cancelled", " 9:the outcome of some items is not known",
                "10:the time is over; the job goes on"})
final class JobWatch implements Callable<Integer> {
    private static final List<String> GOES_ON = List.of("planning", "running");
    /** Between two looks: short at first, for jobs that end at once. */
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 500;

    private final ConnectionOptions options;
    private final Output output;

    @Parameters(paramLabel = "JOB", description = "its id") private String job;

    @Option(names = "--for", paramLabel = "SECONDS", defaultValue = "86400", description = "look on no longer; "
            + "${DEFAULT-VALUE}") private long seconds;

    @Option(names = Output.JSON_OPTION, description = "print {\"job\": {...}} when it is over") private boolean json;

    JobWatch(ConnectionOptions options, Output output) {
        this.options = options;
        this.output = output;
    }

    @Override
    public Integer call() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        JsonNode answer;
        try (ApiClient api = options.client(); Watched shown = shown()) {
            long pause = FIRST_PAUSE_MILLIS;
            answer = api.get(JobCommands.path(job));
            while (GOES_ON.contains(answer.path("job").path("state").asString()) && System.nanoTime() < end) {
                shown.show(answer.path("job"));
                TimeUnit.MILLISECONDS.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
                answer = api.get(JobCommands.path(job));
            }
            shown.show(answer.path("job"));
        }
        if (json) {
            output.print(answer);
        } else {
            output.print(JobText.of(answer.path("job")));
        }
        return code(answer.path("job"));
    }

    static int code(JsonNode job) {
        if (job.path("items").path("unknown").asInt() > 0) {
            return ExitCode.UNKNOWN;
        }
        boolean leftStopped = job.path("instances").path("left_stopped").asInt() > 0;
        if (leftStopped && !GOES_ON.contains(job.path("state").asString())) {
            return ExitCode.FAILED;
        }
        return switch (job.path("state").asString()) {
            case "done", "planned" -> job.path("items").path("failed").asInt() > 0 ? ExitCode.FAILED : ExitCode.OK;
            case "paused", "stopped", "cancelled" -> ExitCode.REFUSED;
            default -> ExitCode.UNREACHABLE;
        };
    }

    private Watched shown() {
        return output.isTerminal()
                ? new Bar(new ProgressBarBuilder().setTaskName("reseat").setInitialMax(1).build())
                : new Lines(output);
    }

    /** What is shown while it goes on, on standard error. */
    private sealed interface Watched extends AutoCloseable {
        void show(JsonNode job);

        @Override
        void close();
    }

    /** Drawn by the library, with rate and time left. */
    private record Bar(ProgressBar bar) implements Watched {
        @Override
        public void show(JsonNode job) {
            bar.maxHint(job.path("selected").asLong());
            bar.stepTo(job.path("ended").asLong());
            JsonNode failed = job.path("last_failed").path(0);
            bar.setExtraMessage(JobText.counts(job) + (failed.isMissingNode()
                    ? ""
                    : "; last failed: " + failed.path("volume_id").asString()));
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    /** A line whenever something has changed. */
    private static final class Lines implements Watched {
        private final Output output;
        private String last = "";

        Lines(Output output) {
            this.output = output;
        }

        @Override
        public void show(JsonNode job) {
            String line = job.path("state").asString() + ": " + JobText.counts(job);
            if (!line.equals(last)) {
                output.note(line);
                last = line;
            }
        }

        @Override
        public void close() {}
    }
}
