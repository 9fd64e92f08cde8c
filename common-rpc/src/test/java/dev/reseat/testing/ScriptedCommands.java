package dev.reseat.testing;

import dev.reseat.process.Command;
import dev.reseat.process.CommandFailed;
import dev.reseat.process.CommandResult;
import dev.reseat.process.CommandRunner;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Runs no program: expects commands, word by word and in order, and answers as told. Commands given by {@link
 * #whenever} may come at any time and any number of times. A command that nobody expects fails the test.
 *
 * <p>Safe for use by several threads.
 */
public final class ScriptedCommands implements CommandRunner {
    // guarded by this
    private final Deque<Step> script = new ArrayDeque<>();
    private final Map<List<String>, Function<Command, CommandResult>> anytime = new HashMap<>();
    private final List<Command> ran = new ArrayList<>();

    /** The next command of the script; it is complete when its answer is told. */
    public Expected expect(String... words) {
        return new Expected(answer -> addStep(List.of(words), answer));
    }

    /** A command that may come at any time; told again, the new answer counts. */
    public Expected whenever(String... words) {
        return new Expected(answer -> addAnytime(List.of(words), answer));
    }

    /** All commands so far, to look at their input or time limit. */
    public synchronized List<Command> ran() {
        return List.copyOf(ran);
    }

    /** @throws AssertionError if a command of the script did not come */
    public synchronized void assertFinished() {
        if (!script.isEmpty()) {
            throw new AssertionError("not run: " + script.stream().map(Step::words).toList());
        }
    }

    @Override
    public CommandResult run(Command command) {
        return answerTo(command).apply(command);
    }

    private synchronized Function<Command, CommandResult> answerTo(Command command) {
        ran.add(command);
        if (!script.isEmpty() && script.getFirst().words().equals(command.words())) {
            return script.removeFirst().answer();
        }
        Function<Command, CommandResult> answer = anytime.get(command.words());
        if (answer == null) {
            throw new AssertionError("unexpected command " + command.words() + "; expected "
                    + (script.isEmpty() ? "none" : script.getFirst().words()));
        }
        return answer;
    }

    private synchronized ScriptedCommands addStep(List<String> words, Function<Command, CommandResult> answer) {
        script.addLast(new Step(words, answer));
        return this;
    }

    private synchronized ScriptedCommands addAnytime(List<String> words, Function<Command, CommandResult> answer) {
        anytime.put(words, answer);
        return this;
    }

    private record Step(List<String> words, Function<Command, CommandResult> answer) {}

    /** A command without its answer; every method tells one and gives the script back. */
    public static final class Expected {
        private final Function<Function<Command, CommandResult>, ScriptedCommands> add;

        private Expected(Function<Function<Command, CommandResult>, ScriptedCommands> add) {
            this.add = add;
        }

        /** It ends with 0 and this output. */
        public ScriptedCommands prints(String output) {
            return add.apply(_ -> new CommandResult(0, output, ""));
        }

        /** It ends with this code and this error output. */
        public ScriptedCommands exits(int code, String errors) {
            return add.apply(command -> new CommandResult(code, "", errors).answering(command));
        }

        /** It does not end in time; the answer comes at once all the same. */
        public ScriptedCommands timesOut() {
            return add.apply(command -> {
                throw new CommandFailed.TimedOut(command);
            });
        }

        /** It is not installed. */
        public ScriptedCommands isMissing() {
            return add.apply(command -> {
                throw new CommandFailed.NotStarted(command, new IOException("No such file or directory"));
            });
        }

        /** It does something of the test's own, such as changing what a later command finds. */
        public ScriptedCommands does(Function<Command, CommandResult> action) {
            return add.apply(action);
        }
    }
}
