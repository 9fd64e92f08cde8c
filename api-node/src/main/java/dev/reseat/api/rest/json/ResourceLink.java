package dev.reseat.api.rest.json;

/** Where something is: {@code self}, {@code bookmark} or {@code next}. */
public record ResourceLink(String rel, String href) {}
