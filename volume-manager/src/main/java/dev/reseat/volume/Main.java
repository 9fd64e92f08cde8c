package dev.reseat.volume;

/** {@code reseat-volume-manager}. */
public final class Main {
    private Main() {}

    public static void main(String[] words) {
        System.exit(VolumeManager.PROGRAM.run(words));
    }
}
