package dev.reseat.api;

/** {@code reseat-api-node}. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(ApiNode.PROGRAM.run(words));
    }
}
