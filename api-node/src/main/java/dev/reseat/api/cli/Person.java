package dev.reseat.api.cli;

/** Somebody at a terminal. */
@FunctionalInterface
interface Person {
    /** What is typed in answer to a question; empty if nothing is. */
    String answer(String question);
}
