package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page of all options says what the programs read. */
final class OptionsPageTest {
    private static final Pattern LINE = Pattern.compile("(?m)^#?(?:\\[([\\w-]+)]|([a-z_]+) =.*)$");

    @Test
    void thePageOfTheOptionsIsTrue() throws IOException {
        String page = OptionsPage.made().text();
        OptionsPage.writeIfAsked(page);
        assertThat(OptionsPage.published()).as("run the test with -Dreseat.options=write to write it anew")
                .isEqualTo(page);
    }

    /** What a program reads only where another option says so is not forgotten. */
    @ParameterizedTest
    @ValueSource(strings = {"reseat-api-node.conf", "reseat-volume-manager.conf", "reseat-compute-agent.conf"})
    void everyOptionOfTheSamplesIsOnIt(String sample) throws IOException {
        List<String> options = new ArrayList<>();
        String group = "DEFAULT";
        Matcher lines = LINE.matcher(Files.readString(Path.of("..", "etc", sample)));
        while (lines.find()) {
            if (lines.group(1) != null) {
                group = lines.group(1);
            } else {
                options.add("[" + group + "] " + lines.group(2));
            }
        }

        assertThat(options).isNotEmpty();
        assertThat(OptionsPage.made().names()).containsAll(options);
    }
}
