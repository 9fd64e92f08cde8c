package dev.reseat.benchmark.peer;

import java.io.IOException;

/** The calling side of a contender. Thread-safe: each method blocks its thread, and many are called at once. */
interface ContenderCaller extends AutoCloseable {
    /** Sends the argument and returns what came back, in the form the contender has it in. */
    Object call(Argument argument) throws IOException, InterruptedException;

    /** Sends the argument to one server; returns when the contender lets its users go on. */
    void cast(Argument argument) throws IOException, InterruptedException;

    /** Sends the argument to every server of the fanout. */
    void fanout(Argument argument) throws IOException, InterruptedException;

    @Override
    void close();
}
