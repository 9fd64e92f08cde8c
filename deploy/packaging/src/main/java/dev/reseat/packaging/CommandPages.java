package dev.reseat.packaging;

import dev.reseat.api.cli.ReseatCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/** Writes what packages tell of the command line, made from the commands themselves. */
public final class CommandPages {
    private static final boolean[] QUIET = {};

    private CommandPages() {}

    /**
     * @param words a folder: for each command a manual page as AsciiDoc, and {@code completion}, a script for bash
     * @throws IOException if it cannot be written
     */
    public static void main(String[] words) throws IOException {
        write(Path.of(words[0]), ReseatCli.commands());
    }

    static void write(Path folder, CommandLine commands) throws IOException {
        Files.createDirectories(folder);
        int code = ManPageGenerator.generateManPage(
                folder.toFile(), null, QUIET, false, commands.getCommandSpec());
        if (code != CommandLine.ExitCode.OK) {
            throw new IOException("no manual pages in " + folder + ": the generator says " + code);
        }
        // it is read by a shell, not run
        String completion = AutoComplete.bash(commands.getCommandName(), commands).replaceFirst("\\A#!.*\n", "");
        Files.writeString(folder.resolve("completion"), completion);
    }
}
