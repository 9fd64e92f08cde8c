package dev.reseat.api.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobSelectTest {
    private static final String ONE = "e3333de9-0000-4000-8000-000000000001";
    private static final String TWO = "e3333de9-0000-4000-8000-000000000002";

    @Test
    void conditionsAreReadAndThoseOfOneKeyAreJoined() {
        assertThat(JobSelect.of(List.of("state=error,detaching", "state=reserved", "older-than=2h")))
                .isEqualTo(Map.of("state", List.of("error", "detaching", "reserved"), "older_than", 7200L));
    }

    @Test
    void idsAreReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("ids"), ONE + "\n\n " + TWO + " \n");

        assertThat(JobSelect.of(List.of("ids=@" + file))).isEqualTo(Map.of("ids", List.of(ONE, TWO)));
        assertThat(JobSelect.of(List.of("ids=" + ONE + ", " + TWO))).isEqualTo(Map.of("ids", List.of(ONE, TWO)));
    }

    /** Such as a table that was printed for people, or the names of volumes. */
    @ParameterizedTest
    @ValueSource(strings = {"vol-1", "| " + TWO + " |", TWO + TWO, "volume-" + TWO, "password = hunter2"})
    void aListInWhichSomethingIsNoIdSelectsNothing(String line, @TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("ids"), ONE + "\n" + line + "\n");

        assertThatThrownBy(() -> JobSelect.of(List.of("ids=@" + file)))
                .isInstanceOf(UsageError.class)
                .hasMessageContaining("line 2 is no id of a volume")
                .hasMessageNotContaining("hunter2");
        assertThatThrownBy(() -> JobSelect.of(List.of("ids=" + ONE + "," + line))).isInstanceOf(UsageError.class);
    }

    @Test
    void aFileWithoutIdsSelectsNothing(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("ids"), "\n \n");

        assertThatThrownBy(() -> JobSelect.of(List.of("ids=@" + file))).hasMessageContaining("selects nothing");
        assertThatThrownBy(() -> JobSelect.of(List.of("ids=@" + file + "x"))).hasMessageContaining("cannot read");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"state", "state=", "ids= ", "sate=error", "older-than=2", "older-than=-1h", "older-than=0h"})
    void whatIsNoConditionIsRefused(String word) {
        assertThatThrownBy(() -> JobSelect.of(List.of(word))).isInstanceOf(UsageError.class);
    }
}
