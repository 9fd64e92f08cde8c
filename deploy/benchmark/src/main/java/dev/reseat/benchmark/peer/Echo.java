package dev.reseat.benchmark.peer;

/** The one keyword argument of the method that is called. */
public record Echo(String value) {}
