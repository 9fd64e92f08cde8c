package dev.reseat.runtime;

import java.util.List;

/** The settings cannot be used; nothing was started. The message lists every problem, one per line, and no secrets. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public SettingsException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence per problem, with the place it comes from: {@code [group] key: ... (file:line)}. */
    public List<String> problems() {
        return problems;
    }
}
