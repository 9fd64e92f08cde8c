package dev.reseat.api.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;

/** What a command printed, and its exit code. */
record CliRun(int code, String out, String err) {
    static CliRun of(Map<String, String> environment, String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = ReseatCli.run(words, environment, new PrintWriter(out), new PrintWriter(err));
        return new CliRun(code, out.toString(), err.toString());
    }

    /** As an administrator, without authentication. */
    static CliRun at(RecordedServer server, String... words) {
        return of(
                Map.of(
                        "RESEAT_ENDPOINT", server.endpoint(),
                        "OS_AUTH_TYPE", "noauth",
                        "OS_USER_ID", "ada",
                        "OS_PROJECT_ID", "7c1d"),
                words);
    }
}
