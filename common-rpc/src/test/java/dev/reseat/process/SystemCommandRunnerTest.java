package dev.reseat.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class SystemCommandRunnerTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CommandRunner commands = new SystemCommandRunner(List.of());

    @TempDir private Path directory;

    @Test
    void givesBackOutputAndErrors() {
        CommandResult result = commands.run(Command.of(LONG, "sh", "-c", "echo ' one'; echo; echo two; echo oops >&2"));

        assertThat(result.exitCode()).isZero();
        assertThat(result.output()).isEqualTo(" one\n\ntwo\n");
        assertThat(result.lines()).containsExactly("one", "two");
        assertThat(result.errors()).isEqualTo("oops\n");
    }

    @Test
    void noShellReadsTheWords() {
        assertThat(commands.run(Command.of(LONG, "printf", "%s|", "a b", "$HOME", "*", "; exit 3", ""))
                .output())
                .isEqualTo("a b|$HOME|*|; exit 3||");
    }

    @Test
    void handsOverStandardInputAndOtherwiseNone() {
        assertThat(commands.run(Command.of(LONG, "cat").withInput("grüße")).output())
                .isEqualTo("grüße");
        assertThat(commands.run(Command.of(LONG, "cat")).output()).isEmpty();
    }

    @Test
    void aProgramNeedNotReadItsInput() {
        assertThat(commands.run(Command.of(LONG, "true").withInput("x".repeat(1 << 20)))
                .exitCode())
                .isZero();
    }

    @Test
    void bothStreamsAreReadAtOnceHoweverMuchTheyCarry() {
        CommandResult result =
                commands.run(Command.of(LONG, "sh", "-c", "seq 100000 >&2; seq 100000; seq 100000 >&2"));

        assertThat(result.lines()).hasSize(100_000);
        assertThat(result.errors()).hasSize(64 << 10).startsWith("1\n2\n");
    }

    @Test
    void anExitCodeOtherThanZeroIsAFailureThatTellsWhy() {
        CommandFailed.Exited failed = catchThrowableOfType(
                CommandFailed.Exited.class,
                () -> commands.run(Command.of(LONG, "sh", "-c", "echo no such volume group >&2; exit 5")));

        assertThat(failed.exitCode()).isEqualTo(5);
        assertThat(failed.errors()).isEqualTo("no such volume group\n");
        assertThat(failed).hasMessageEndingWith("exited with 5: no such volume group");
        assertThat(failed.outcomeUnknown()).isFalse();
    }

    @Test
    void anExitCodeThatIsAnAnswerIsNoFailure() {
        Command command = Command.of(LONG, "sh", "-c", "exit 21").alsoAnswering(21);

        assertThat(commands.run(command).exitCode()).isEqualTo(21);
        assertThat(commands.run(Command.of(LONG, "true").alsoAnswering(21)).exitCode())
                .isZero();
    }

    @Test
    void aMissingProgramHasDoneNothing() {
        assertThatThrownBy(() -> commands.run(Command.of(LONG, "/nowhere/lvs", "--noheadings")))
                .isInstanceOfSatisfying(
                        CommandFailed.NotStarted.class,
                        failed -> assertThat(failed.outcomeUnknown()).isFalse())
                .hasMessage("'/nowhere/lvs' cannot be started; is it installed?");
    }

    @Test
    void aProgramThatTakesTooLongIsKilledWithItsChildren() throws Exception {
        Path pids = directory.resolve("pids");
        Command command = Command.of(
                Duration.ofMillis(500), "sh", "-c",
                "echo $$ > " + pids + "; sleep 300 & echo $! >> " + pids + "; wait");

        CommandFailed.TimedOut failed =
                catchThrowableOfType(CommandFailed.TimedOut.class, () -> commands.run(command));

        assertThat(failed.outcomeUnknown()).isTrue();
        assertThat(failed).hasMessageContaining("did not end within 500 ms");
        for (String pid : Files.readAllLines(pids)) {
            assertDead(Long.parseLong(pid));
        }
    }

    @Test
    void anInterruptKillsTheProgram() throws Exception {
        Path pid = directory.resolve("pid");
        CompletableFuture<CommandFailed> failure = new CompletableFuture<>();
        Path fifo = directory.resolve("fifo");
        commands.run(Command.of(LONG, "mkfifo", fifo.toString()));
        Thread caller = Thread.startVirtualThread(() -> {
            CommandFailed failed = catchThrowableOfType(
                    CommandFailed.class,
                    () -> commands.run(Command.of(
                            LONG, "sh", "-c", "echo $$ > " + pid + "; echo started > " + fifo + "; sleep 300")));
            if (Thread.currentThread().isInterrupted()) {
                failure.complete(failed);
            }
        });
        Files.readString(fifo);
        caller.interrupt();

        assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(CommandFailed.Interrupted.class);
        assertDead(Long.parseLong(Files.readString(pid).strip()));
    }

    @Test
    void aDaemonLeftBehindIsNotWaitedFor() {
        long begin = System.nanoTime();
        CommandResult result = commands.run(Command.of(LONG, "sh", "-c", "sleep 20 & echo $!"));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
        long pid = Long.parseLong(result.output().strip());
        assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).contains(true);
    }

    @Test
    void outputThatIsTooLongIsNotTakenForTheWhole() {
        assertThatThrownBy(() -> commands.run(Command.of(LONG, "head", "-c", "9000000", "/dev/zero")))
                .isInstanceOf(CommandFailed.OutputLost.class)
                .hasMessageContaining("longer than 8388608 bytes");
    }

    @Test
    void aSecretIsShownNowhere() {
        Command command = Command.of(LONG, "sh", "-c", "echo bad key s3cret: $0 >&2; exit 1", "s3cret")
                .hiding("s3cret");

        CommandFailed.Exited failed =
                catchThrowableOfType(CommandFailed.Exited.class, () -> commands.run(command));

        assertThat(failed.toString()).doesNotContain("s3cret").contains("bad key ***: ***");
        assertThat(failed.errors()).isEqualTo("bad key ***: ***\n");
        assertThat(command.toString()).doesNotContain("s3cret");
    }

    @Test
    void everyCommandGoesThroughTheRootWrapper() {
        CommandRunner wrapped = new SystemCommandRunner(List.of("env", "WRAPPED=yes"));

        assertThat(wrapped.run(Command.of(LONG, "sh", "-c", "echo $WRAPPED $LC_ALL"))
                .output())
                .isEqualTo("yes C\n");
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertThatThrownBy(() -> Command.of(LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of(LONG, " ")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of(LONG, "a\0b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of(Duration.ZERO, "a")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Command.of(LONG, "a").hiding("")).isInstanceOf(IllegalArgumentException.class);
    }

    private static void assertDead(long pid) throws Exception {
        var handle = ProcessHandle.of(pid);
        if (handle.isPresent()) {
            handle.get().onExit().get(20, TimeUnit.SECONDS);
        }
    }
}
