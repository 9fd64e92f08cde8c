package dev.reseat.standalone;

import dev.reseat.api.cli.ReseatCli;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs the command {@code reseat} as an operator of a cloud does, and prints what it prints. */
final class OperatorCommands {
    /** Stands for the work directory, whose name is long and says nothing. */
    static final String PLACE = "…";

    private final AllInOne cloud;
    private final Checks checks;
    private final PrintStream out;

    OperatorCommands(AllInOne cloud, Checks checks, PrintStream out) {
        this.cloud = cloud;
        this.checks = checks;
        this.out = out;
    }

    /** What an operator of this cloud has set. */
    static Map<String, String> environment(AllInOne cloud) {
        return Map.of(
                "RESEAT_ENDPOINT", cloud.root().toString(),
                "OS_AUTH_TYPE", "noauth",
                "OS_USER_ID", AllInOneSettings.USER,
                "OS_PROJECT_ID", AllInOneSettings.PROJECT);
    }

    /** @param expected the exit code that is claimed */
    void reseat(int expected, String... words) {
        out.println("$ reseat " + Arrays.stream(words)
                .map(word -> word.contains(" ") ? "'" + word + "'" : word)
                .collect(Collectors.joining(" ")));
        StringWriter printed = new StringWriter();
        int code = run(printed, words);
        out.print(shown(printed.toString()).indent(2));
        checks.claim(expected == 0 ? "it was done" : "it was refused, exit code " + expected, code == expected, code);
    }

    /** @return the exit code */
    int run(StringWriter printed, String... words) {
        PrintWriter both = new PrintWriter(printed);
        return ReseatCli.run(words, environment(cloud), both, both);
    }

    void checkJournal(String subject) {
        StringWriter printed = new StringWriter();
        int code = run(printed, "journal", "show", subject, "--limit", "1", "--json");
        checks.claim("the journal has it as done", code == 0 && printed.toString().contains("\"state\" : \"done\""),
                printed);
    }

    String shown(String text) {
        return text.replace(cloud.directory().path().toString(), PLACE);
    }
}
