package dev.reseat.benchmark.peer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands on standard input, one line of JSON each, and an answer for each on standard output. */
final class CommandLines {
    private static final JsonMapper JSON = new JsonMapper();

    private CommandLines() {}

    /** Carries out one command. */
    @FunctionalInterface
    interface Commands {
        Map<String, Object> run(JsonNode command) throws IOException, InterruptedException;
    }

    /** Says that this process is ready, then answers until the input ends. */
    static void answer(Commands commands) throws IOException, InterruptedException {
        System.out.println("{\"ready\": true}");
        try (var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                System.out.println(JSON.writeValueAsString(commands.run(JSON.readTree(line))));
            }
        }
    }
}
