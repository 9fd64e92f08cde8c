package dev.reseat.step;

/** Whether what was asked for is still wanted; required right before the first act that takes something away. */
@FunctionalInterface
public interface Admission {
    /** Of a call: who asked waits for it. */
    Admission OF_A_CALL = () -> {};

    /** Returns if it is. @throws NotAdmitted nothing must be done */
    void require();
}
