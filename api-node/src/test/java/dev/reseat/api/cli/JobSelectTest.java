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
    @Test
    void conditionsAreReadAndThoseOfOneKeyAreJoined() {
        assertThat(JobSelect.of(List.of("state=error,detaching", "state=reserved", "older-than=2h")))
                .isEqualTo(Map.of("state", List.of("error", "detaching", "reserved"), "older_than", 7200L));
    }

    @Test
    void idsAreReadFromAFile(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("ids"), "one\n\n two \n");

        assertThat(JobSelect.of(List.of("ids=@" + file))).isEqualTo(Map.of("ids", List.of("one", "two")));
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
