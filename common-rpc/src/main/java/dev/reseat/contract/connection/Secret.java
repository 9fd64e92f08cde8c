package dev.reseat.contract.connection;

/** A text that is shown to nobody by accident: it prints as {@code ***}. */
public record Secret(String reveal) {
    @Override
    public String toString() {
        return "***";
    }
}
