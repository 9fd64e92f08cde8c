package dev.reseat.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What real programs answered, as text: a line {@code $ words}, then {@code <} what was read, {@code !} the exit code,
 * {@code o} a line of output, {@code e} one of errors.
 *
 * @param words of the command
 * @param input what it was given, without a last line end
 */
public record RecordedCommands(List<String> words, Optional<String> input, int exitCode, String output, String errors) {
    /** The recorded commands of a file of the test resources that lies beside the class, in order. */
    public static List<RecordedCommands> read(Class<?> beside, String name) {
        try (InputStream source = beside.getResourceAsStream(name)) {
            List<RecordedCommands> all = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            for (String line : new String(source.readAllBytes(), UTF_8).lines().toList()) {
                if (line.startsWith("$ ") && !lines.isEmpty()) {
                    all.add(of(lines));
                    lines.clear();
                }
                lines.add(line);
            }
            all.add(of(lines));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RecordedCommands of(List<String> lines) {
        return new RecordedCommands(
                List.of(lines.getFirst().substring(2).split(" ", -1)),
                lines.stream().filter(line -> line.startsWith("< ")).map(line -> line.substring(2)).findFirst(),
                lines.stream()
                        .filter(line -> line.startsWith("! "))
                        .mapToInt(line -> Integer.parseInt(line.substring(2)))
                        .findFirst()
                        .orElseThrow(),
                text(lines, "o "),
                text(lines, "e "));
    }

    private static String text(List<String> lines, String mark) {
        StringBuilder text = new StringBuilder();
        lines.stream()
                .filter(line -> line.startsWith(mark))
                .forEach(line -> text.append(line.substring(2)).append('\n'));
        return text.toString();
    }

    /** As a runner answers a command. */
    public CommandResult answer(Command command) {
        return new CommandResult(exitCode, output, errors).answering(command);
    }

    /** Runs commands and appends what they answer to a file. */
    static CommandRunner recording(CommandRunner real, Path file) {
        return command -> {
            try {
                CommandResult result = real.run(command);
                append(file, command, result.exitCode(), result.output(), result.errors());
                return result;
            } catch (CommandFailed.Exited e) {
                append(file, command, e.exitCode(), "", e.errors());
                throw e;
            }
        };
    }

    private static synchronized void append(Path file, Command command, int code, String output, String errors) {
        StringBuilder text = new StringBuilder("$ " + String.join(" ", command.words()) + "\n");
        command.input().ifPresent(given -> text.append("< ").append(given).append('\n'));
        text.append("! ").append(code).append('\n');
        output.lines().forEach(line -> text.append("o ").append(line).append('\n'));
        errors.lines().forEach(line -> text.append("e ").append(line).append('\n'));
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
