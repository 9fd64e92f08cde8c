package dev.reseat.process;

import dev.reseat.runtime.SecretText;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program to run: its words are handed over as they are, no shell reads them. Its text form hides the secrets, so
 * it may be logged.
 *
 * @param words program and arguments
 * @param timeout how long it may take in all
 * @param input what it finds on its standard input; without it, nothing
 * @param secrets texts to be hidden wherever this command, its words or its error output, is shown, beside what
 *     {@link SecretText} finds by itself
 * @param answers exit codes that are no failure, usually 0 alone
 */
public record Command(
        List<String> words, Duration timeout, Optional<String> input, Set<String> secrets, Set<Integer> answers) {

    public Command {
        words = List.copyOf(words);
        secrets = Set.copyOf(secrets);
        answers = Set.copyOf(answers);
        if (words.isEmpty() || words.getFirst().isBlank()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("no word of a command can hold a NUL");
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive: " + timeout);
        }
        if (secrets.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("a blank text cannot be hidden");
        }
    }

    public static Command of(Duration timeout, String... words) {
        return of(timeout, List.of(words));
    }

    public static Command of(Duration timeout, List<String> words) {
        return new Command(words, timeout, Optional.empty(), Set.of(), Set.of(0));
    }

    /** The better way to hand a secret over: what is read from standard input is seen in no process list. */
    public Command withInput(String text) {
        return new Command(words, timeout, Optional.of(text), secrets, answers);
    }

    /** Hides further texts. */
    public Command hiding(String... more) {
        Set<String> all = new LinkedHashSet<>(secrets);
        all.addAll(List.of(more));
        return new Command(words, timeout, input, all, answers);
    }

    /** Takes further exit codes as an answer; the caller looks at {@link CommandResult#exitCode}. */
    public Command alsoAnswering(int... codes) {
        Set<Integer> all = IntStream.of(codes).boxed().collect(Collectors.toSet());
        all.addAll(answers);
        return new Command(words, timeout, input, secrets, all);
    }

    /** A text about this command, without its secrets. */
    String masked(String text) {
        String shown = text;
        for (String secret : secrets.stream().sorted((a, b) -> b.length() - a.length()).toList()) {
            shown = shown.replace(secret, SecretText.MASK);
        }
        return SecretText.masked(shown);
    }

    @Override
    public String toString() {
        return masked(String.join(" ", words));
    }
}
