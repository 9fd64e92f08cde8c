package dev.reseat.api.rest.schema;

import dev.reseat.api.rest.HttpFault;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What a body must look like. Rules are tried in the order given and the first that fails decides, as in the Python
 * library {@code jsonschema}, so that the messages are the ones Cinder gives. Immutable.
 */
public final class Schema {
    private final List<Rule> rules;

    private Schema(List<Rule> rules) {
        this.rules = rules;
    }

    /** Anything. */
    public static Schema any() {
        return new Schema(List.of());
    }

    /** @param names JSON schema's names of types, one of which must fit */
    public static Schema type(String... names) {
        return any().and(value -> {
            if (Arrays.stream(names).noneMatch(name -> isType(value, name))) {
                String expected = Arrays.stream(names).map(PythonText::quoted).collect(Collectors.joining(", "));
                throw new Violation(value, PythonText.of(value) + " is not of type " + expected);
            }
        });
    }

    /** An additional rule of any kind; it refuses with an {@link HttpFault} in its own words. */
    public Schema and(Rule rule) {
        return new Schema(Stream.concat(rules.stream(), Stream.of(rule)).toList());
    }

    /**
     * A text of a certain form.
     *
     * @param name how messages call the form
     */
    public Schema format(String name, Predicate<String> form) {
        return and(value -> {
            if (value.isString() && !form.test(value.stringValue())) {
                throw new Violation(value, PythonText.of(value) + " is not a " + PythonText.quoted(name));
            }
        });
    }

    /** A text of so many characters. */
    public Schema length(int least, int most) {
        return and(value -> {
            if (value.isString()) {
                int length = value.stringValue().codePointCount(0, value.stringValue().length());
                if (length < least || length > most) {
                    throw new Violation(value, PythonText.of(value) + " is too " + (length < least ? "short" : "long"));
                }
            }
        });
    }

    /** A text that a regular expression is found in. */
    public Schema matching(String expression) {
        Pattern pattern = Pattern.compile(expression);
        return and(value -> {
            if (value.isString() && !pattern.matcher(value.stringValue()).find()) {
                throw new Violation(value, PythonText.of(value) + " does not match " + PythonText.quoted(expression));
            }
        });
    }

    /** One of several schemas that this says all about. */
    public Schema anyOf(Predicate<JsonNode> fits) {
        return and(value -> {
            if (!fits.test(value)) {
                throw new Violation(value, PythonText.of(value) + " is not valid under any of the given schemas");
            }
        });
    }

    /** At least one of these properties. */
    public Schema requireAny(Collection<String> names) {
        return anyOf(value -> !value.isObject() || names.stream().anyMatch(value::has));
    }

    /** A whole number of a range; also one that no int or long can hold is outside. */
    public Schema between(int least, int most) {
        return and(value -> {
            if (!value.isIntegralNumber()) {
                return;
            }
            BigInteger number = value.bigIntegerValue();
            if (number.compareTo(BigInteger.valueOf(least)) < 0) {
                throw new Violation(value, PythonText.of(value) + " is less than the minimum of " + least);
            }
            if (number.compareTo(BigInteger.valueOf(most)) > 0) {
                throw new Violation(value, PythonText.of(value) + " is greater than the maximum of " + most);
            }
        });
    }

    public Schema oneOf(Collection<String> texts) {
        return and(value -> {
            if (!value.isString() || !texts.contains(value.stringValue())) {
                throw new Violation(value, PythonText.of(value) + " is not one of " + PythonText.list(texts));
            }
        });
    }

    public Schema notEmpty() {
        return and(value -> {
            if (value.isObject() && value.isEmpty()) {
                throw new Violation(value, "{} does not have enough properties");
            }
        });
    }

    /** Checks these properties where they are there. */
    public Schema properties(Map<String, Schema> properties) {
        Map<String, Schema> ordered = new LinkedHashMap<>(properties);
        return and(value -> ordered.forEach((name, schema) -> {
            if (value.isObject() && value.has(name)) {
                try {
                    schema.check(value.get(name));
                } catch (Violation inside) {
                    throw inside.under(name);
                }
            }
        }));
    }

    public Schema require(String name) {
        return and(value -> {
            if (value.isObject() && !value.has(name)) {
                throw new Violation(value, PythonText.quoted(name) + " is a required property");
            }
        });
    }

    /** No other properties than these. */
    public Schema only(Collection<String> names) {
        return and(value -> {
            List<String> others = value.propertyNames().stream().filter(name -> !names.contains(name)).toList();
            if (!others.isEmpty()) {
                String listed = others.stream().map(PythonText::quoted).collect(Collectors.joining(", "));
                throw new Violation(
                        value,
                        "Additional properties are not allowed (" + listed + " " + (others.size() == 1 ? "was" : "were")
                                + " unexpected)");
            }
        });
    }

    /** @throws HttpFault 400 saying the first thing that is wrong */
    public void validate(JsonNode body) {
        try {
            check(body);
        } catch (Violation violation) {
            throw HttpFault.badRequest(violation.detail());
        }
    }

    private void check(JsonNode value) {
        rules.forEach(rule -> rule.check(value));
    }

    private static boolean isType(JsonNode value, String name) {
        return switch (name) {
            case "string" -> value.isString();
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "null" -> value.isNull();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            case "number" -> value.isNumber();
            default -> throw new IllegalArgumentException("no JSON type: " + name);
        };
    }

    /** One thing a value must be. */
    @FunctionalInterface
    public interface Rule {
        /** @throws RuntimeException if it is not */
        void check(JsonNode value);
    }
}
