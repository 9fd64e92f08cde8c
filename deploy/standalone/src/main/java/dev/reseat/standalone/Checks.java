package dev.reseat.standalone;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Claims that were held against what is there. Prints each, remembers those that do not hold. */
final class Checks {
    private final PrintStream out;
    private final List<String> failures = new ArrayList<>();

    Checks(PrintStream out) {
        this.out = out;
    }

    /** @param seen what was found, for the case that the claim does not hold */
    void claim(String claim, boolean holds, Object seen) {
        out.println("  " + (holds ? "checked: " : "NOT SO:  ") + claim + (holds ? "" : "; seen: " + seen));
        if (!holds) {
            failures.add(claim);
        }
    }

    List<String> failures() {
        return List.copyOf(failures);
    }
}
