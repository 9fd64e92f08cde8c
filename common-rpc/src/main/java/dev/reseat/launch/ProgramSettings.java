package dev.reseat.launch;

import dev.reseat.runtime.Settings;

/** One of Reseat's programs as far as its settings go; all that are installed are found by {@code ServiceLoader}. */
public interface ProgramSettings {
    /** As it is called. */
    String program();

    /**
     * Reads all that the program reads before it starts.
     *
     * @throws IllegalArgumentException if values do not fit together; others wrong are in {@link Settings#problems}
     */
    void read(Settings settings);
}
