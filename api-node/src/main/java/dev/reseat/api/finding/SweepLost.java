package dev.reseat.api.finding;

/** This process was taken for dead, and its sweep is another's: nothing more is written in its name. */
final class SweepLost extends RuntimeException {
    private static final long serialVersionUID = 1;

    SweepLost(long sweep) {
        super("sweep " + sweep + " was abandoned, as this process seemed to be dead");
    }
}
