package dev.reseat.api.rest.json;

/** Where something is: {@code self}, {@code bookmark} or {@code next}. */
public record Link(String rel, String href) {}
