package dev.reseat.api.rest.json;

/**
 * A step of a repair that was done, or would be.
 *
 * @param by who does it
 */
public record StepView(String name, String by) {}
