package dev.reseat.compute;

/** {@code reseat-compute-agent}. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(ComputeAgent.PROGRAM.run(words));
    }
}
