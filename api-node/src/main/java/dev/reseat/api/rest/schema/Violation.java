package dev.reseat.api.rest.schema;

import tools.jackson.databind.JsonNode;

/** What is wrong, and where: {@code jsonschema.ValidationError}. Never leaves this room. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient JsonNode value;
    private final String property;

    Violation(JsonNode value, String message) {
        this(value, message, "");
    }

    private Violation(JsonNode value, String message, String property) {
        super(message, null, false, false);
        this.value = value;
        this.property = property;
    }

    /** The same, inside a property; the innermost property is the one that is named. */
    Violation under(String name) {
        return property.isEmpty() ? new Violation(value, getMessage(), name) : this;
    }

    /** In the words of {@code cinder.api.validation.validators}. */
    String detail() {
        if (property.isEmpty()) {
            return getMessage();
        }
        return "Invalid input for field/attribute " + property + ". Value: " + PythonText.shown(value) + ". "
                + getMessage();
    }
}
