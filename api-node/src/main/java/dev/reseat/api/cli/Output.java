package dev.reseat.api.cli;

import dev.reseat.api.rest.json.RestJson;
import dev.reseat.runtime.SecretText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Where results and failures are printed: results to standard output; failures to standard error, or as JSON. */
final class Output {
    static final String JSON_OPTION = "--json";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final PrintWriter out;
    private final PrintWriter err;
    private final Optional<Person> person;

    /** @param person who watches, if somebody does */
    Output(PrintWriter out, PrintWriter err, Optional<Person> person) {
        this.out = out;
        this.err = err;
        this.person = person;
    }

    void print(Object text) {
        out.println(text);
    }

    void print(JsonNode document) {
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document));
    }

    /** For the operator's eyes, never for a script. */
    void note(String text) {
        err.println(text);
        err.flush();
    }

    /** Whether a person watches. */
    boolean isTerminal() {
        return person.isPresent();
    }

    /**
     * Asks whoever watches; only "yes" or "y" is a yes.
     *
     * @param instead the option that says yes where nobody watches
     * @throws UsageError if nobody does
     */
    boolean confirm(String question, String instead) {
        Person asked = person.orElseThrow(() -> new UsageError(
                "nobody is there to be asked: " + question + " Give " + instead + " to say yes"));
        out.flush();
        String answer = asked.answer(question + " [y/N] ").strip().toLowerCase(Locale.ROOT);
        return answer.equals("y") || answer.equals("yes");
    }

    /** Shows how far a command over several items has got. */
    Progress progress(int items) {
        return isTerminal() && items > 1 ? Progress.bar(items) : Progress.lines(items, this::note);
    }

    /** A failure of one item among several. */
    void problem(String item, ApiFailure failure) {
        note(item + ": " + failure.problem());
        if (failure instanceof ApiFailure.Answered answer && !answer.observations().isEmpty()) {
            note(ObservationTable.of(answer.observations()));
        }
        failure.next().ifPresent(next -> note("next: " + next));
    }

    /** {@code {"exit_code": …, "message": …, "status": …, "error": …, "next": …}}. */
    static ObjectNode asJson(ApiFailure failure, int exitCode) {
        ObjectNode error = JSON.createObjectNode().put("exit_code", exitCode).put("message", failure.problem());
        if (failure instanceof ApiFailure.Answered answer) {
            error.put("status", answer.status());
            answer.error().ifPresent(code -> error.put("error", code));
            if (!answer.observations().isEmpty()) {
                error.set("observations", RestJson.mapper().valueToTree(answer.observations()));
            }
        }
        failure.next().ifPresent(next -> error.put("next", next));
        return error;
    }

    int wrongWords(ParameterException wrong, String[] words) {
        return wrongUse(wrong.getCommandLine(), wrong.getMessage(), ExitCode.USAGE, Arrays.asList(words));
    }

    private int wrongUse(CommandLine command, String problem, int code, List<String> words) {
        String message = SecretText.masked(problem);
        if (words.contains(JSON_OPTION)) {
            printError(JSON.createObjectNode().put("exit_code", code).put("message", message));
        } else {
            note("reseat: " + message);
            note("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
        }
        return code;
    }

    /** Prints what went wrong; of a fault of this program, all that is known about it, without secrets. */
    int failed(Exception failure, CommandLine command, ParseResult words) {
        return switch (failure) {
            case UsageError wrong -> wrongUse(command, wrong.getMessage(), wrong.exitCode(), words.originalArgs());
            case ApiFailure answer -> {
                int code = command.getCommand() instanceof OwnCodes own ? own.exitCode(answer) : ExitCode.of(answer);
                if (words.originalArgs().contains(JSON_OPTION)) {
                    printError(asJson(answer, code));
                } else {
                    problem("reseat", answer);
                }
                yield code;
            }
            default -> {
                StringWriter trace = new StringWriter();
                failure.printStackTrace(new PrintWriter(trace));
                note(SecretText.masked(trace.toString()));
                yield ExitCode.FAILED;
            }
        };
    }

    private void printError(ObjectNode error) {
        print(JSON.createObjectNode().set("error", error));
    }

    /** A command whose exit codes are not the general ones. */
    interface OwnCodes {
        int exitCode(ApiFailure failure);
    }
}
