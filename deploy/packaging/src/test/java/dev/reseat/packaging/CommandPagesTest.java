package dev.reseat.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reseat.api.cli.ReseatCli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Pages and completion know the commands there are. */
final class CommandPagesTest {
    @TempDir static Path folder;

    @BeforeAll
    static void write() throws IOException {
        CommandPages.main(new String[]{folder.toString()});
    }

    @Test
    void everyCommandHasAPage() throws IOException {
        List<String> expected = visible(ReseatCli.commands()).map(command -> qualified(command) + ".adoc").toList();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".adoc")))
                    .containsExactlyInAnyOrderElementsOf(expected)
                    .contains("reseat.adoc", "reseat-volume-reset-state.adoc", "reseat-bdm-refresh.adoc");
        }
    }

    @Test
    void aPageHasTheOptionsOfItsCommand() {
        assertThat(folder.resolve("reseat-volume-reset-state.adoc")).content()
                .contains(":doctype: manpage", "--state", "--force", "--reason", "--dry-run");
    }

    @Test
    void thePageOfAllHasTheExitCodes() {
        assertThat(folder.resolve("reseat.adoc")).content().contains("the outcome is unknown");
    }

    @Test
    void completionKnowsCommandsAndOptions() {
        assertThat(folder.resolve("completion")).content()
                .contains("_complete_reseat", "reset-state", "refresh", "--dry-run", "findings");
    }

    private static Stream<CommandLine> visible(CommandLine command) {
        return Stream.concat(Stream.of(command), command.getSubcommands()
                .values()
                .stream()
                .distinct()
                .filter(each -> !each.getCommandSpec().usageMessage().hidden())
                .flatMap(CommandPagesTest::visible));
    }

    private static String qualified(CommandLine command) {
        return command.getCommandSpec().qualifiedName("-");
    }
}
