package dev.reseat.api.job;

import dev.reseat.api.model.Job;
import dev.reseat.api.object.JsonText;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether a job of refreshes stops instances that run, and starts them again. */
public enum StopStart {
    /** Who runs is waited for. */
    NEVER("never"),
    /** Who runs is stopped, and started again when its items are over. */
    IF_RUNNING("if-running");

    private static final String KEY = "stop_start";

    private final String text;

    StopStart(String text) {
        this.text = text;
    }

    /** Empty if there is no such word. */
    static Optional<StopStart> parse(String word) {
        return Arrays.stream(values()).filter(one -> one.text.equals(word)).findFirst();
    }

    static String words() {
        return Arrays.stream(values()).map(one -> one.text).collect(Collectors.joining(" or "));
    }

    /** As a job of refreshes keeps it. */
    String requestJson() {
        return this == NEVER ? "{}" : JsonText.of(Map.of(KEY, text));
    }

    /** What that job was asked for. */
    static StopStart of(Job job) {
        return Optional.ofNullable(JsonText.map(job.requestJson()).get(KEY))
                .flatMap(word -> parse(word.toString()))
                .orElse(NEVER);
    }
}
