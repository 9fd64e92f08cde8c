package dev.reseat.api.cli;

import dev.reseat.api.admin.DbCommands;
import java.io.Console;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** The operator's command: reads the words, asks the server, prints, and says by its exit code how it went. */
@Command(name = "reseat", mixinStandardHelpOptions = true, versionProvider = ReseatCli.Version.class, //
        synopsisSubcommandLabel = "COMMAND", //
        description = "Puts stuck OpenStack volumes back where they belong.", //
        footer = {
                "",
                "What was asked for goes to standard output, everything else to standard error. With --json standard"
                        + " output is one JSON document, also when something fails.",
                "@|bold reseat generate-completion|@ prints a completion script for bash and zsh."}, //
        exitCodeListHeading = "%nExit codes, unless a command says otherwise:%n", //
        exitCodeList = {
                " 0:done",
                " 1:failed; nothing more is known than the message says",
                " 2:the command line, or what it asks for, makes no sense",
                " 4:there is no such thing",
                " 8:refused: a precondition does not hold, or the driver cannot; nothing has changed",
                " 9:the outcome is unknown: somebody did not answer in time and may have done it; see reseat journal",
                "10:cannot reach the server, or it cannot reach those it needs; try again later",
                "11:not allowed"})
public final class ReseatCli {
    private ReseatCli() {}

    /** Ends the process with the exit code. */
    public static void main(String[] words) {
        System.exit(run(
                words,
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .<Person>map(console -> question -> Optional.ofNullable(console.readLine("%s", question))
                                .orElse(""))));
    }

    /**
     * Does what the words say, once. Ends no process, so other programs may call it.
     *
     * @param environment where {@code RESEAT_ENDPOINT} and {@code OS_…} are looked up
     * @return the exit code
     */
    public static int run(String[] words, Map<String, String> environment, PrintWriter out, PrintWriter err) {
        return run(words, environment, out, err, Optional.empty());
    }

    /** The same with somebody who watches and can be asked. */
    static int run(
            String[] words, Map<String, String> environment, PrintWriter out, PrintWriter err,
            Optional<Person> person) {
        CommandLine reseat = commands(environment, new Output(out, err, person))
                .setOut(out)
                .setErr(err)
                .setUsageHelpAutoWidth(person.isPresent());
        int code = reseat.execute(words);
        out.flush();
        err.flush();
        return code;
    }

    /** All commands with their options, for pages and completions that are made of them. */
    public static CommandLine commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return commands(Map.of(), new Output(nowhere, nowhere, Optional.empty()));
    }

    private static CommandLine commands(Map<String, String> environment, Output output) {
        ConnectionOptions options = new ConnectionOptions(environment);
        CommandLine reseat = new CommandLine(new ReseatCli());
        return reseat.addMixin("connection", options)
                .addSubcommand(new Diagnose(options, output))
                .addSubcommand(new Collect(options, output))
                .addSubcommand(new RepairCommand(options, output))
                .addSubcommand(new UndoCommand(options, output))
                .addSubcommand(VolumeCommands.all(options, output))
                .addSubcommand(BdmCommands.all(options, output))
                .addSubcommand(JournalCommands.all(options, output))
                .addSubcommand(ReceiptCommands.all(output))
                .addSubcommand(JobCommands.all(options, output))
                .addSubcommand(DbCommands.all(environment))
                .addSubcommand(ConfigCommands.all(output))
                .addSubcommand(FindingCommands.all(options, output))
                .addSubcommand(new StatusCommand(options, output))
                .addSubcommand(completion())
                .setDefaultValueProvider(options)
                .setParameterExceptionHandler(output::wrongWords)
                .setExecutionExceptionHandler(output::failed);
    }

    private static CommandLine completion() {
        CommandLine command = new CommandLine(new AutoComplete.GenerateCompletion());
        command.getCommandSpec().usageMessage().hidden(true);
        return command;
    }

    /** What the jar says it is. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[]{"reseat "
                    + Optional.ofNullable(ReseatCli.class.getPackage().getImplementationVersion())
                            .orElse("(unpacked)")};
        }
    }
}
