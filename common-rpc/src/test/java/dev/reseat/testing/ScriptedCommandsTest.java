package dev.reseat.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScriptedCommandsTest {
    private final ScriptedCommands commands = new ScriptedCommands();

    @Test
    void answersInOrderAndAtAnyTime() {
        commands.expect("a", "1").prints("one").expect("b").exits(3, "no");
        commands.whenever("poll").prints("again");

        assertThat(commands.run(command("poll")).output()).isEqualTo("again");
        assertThat(commands.run(command("a", "1")).output()).isEqualTo("one");
        assertThatThrownBy(commands::assertFinished).hasMessageContaining("[[b]]");
        assertThatThrownBy(() -> commands.run(command("b"))).isInstanceOf(CommandFailed.Exited.class);
        assertThat(commands.run(command("poll")).output()).isEqualTo("again");
        commands.assertFinished();
        assertThat(commands.ran()).hasSize(4);
    }

    @Test
    void failsOnWhatNobodyExpects() {
        commands.expect("a").prints("").expect("b").prints("");

        assertThatThrownBy(() -> commands.run(command("b")))
                .isInstanceOf(AssertionError.class)
                .hasMessage("unexpected command [b]; expected [a]");
    }

    @Test
    void timesOutAndMissesAsARealOneWould() {
        commands.expect("a").timesOut().expect("b").isMissing();
        commands.expect("c").exits(21, "");

        assertThatThrownBy(() -> commands.run(command("a"))).isInstanceOf(CommandFailed.TimedOut.class);
        assertThatThrownBy(() -> commands.run(command("b"))).isInstanceOf(CommandFailed.NotStarted.class);
        assertThat(commands.run(command("c").alsoAnswering(21)).exitCode()).isEqualTo(21);
    }

    private static Command command(String... words) {
        return Command.of(Duration.ofSeconds(1), words);
    }
}
