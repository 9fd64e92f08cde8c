package dev.reseat.api.rest.schema;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Values as Python's {@code repr} writes them: OpenStack's messages about bodies are full of them. */
public final class PythonText {
    private PythonText() {}

    public static String of(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING -> "None";
            case BOOLEAN -> value.booleanValue() ? "True" : "False";
            case NUMBER -> value.isIntegralNumber() ? value.bigIntegerValue().toString() : decimal(value.doubleValue());
            case STRING -> quoted(value.stringValue());
            case ARRAY -> value.values().stream().map(PythonText::of).collect(Collectors.joining(", ", "[", "]"));
            case OBJECT -> value.properties()
                    .stream()
                    .map(entry -> quoted(entry.getKey()) + ": " + of(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
            case BINARY, POJO -> quoted(value.asString());
        };
    }

    /** A value as {@code str} writes it inside a message. */
    public static String shown(JsonNode value) {
        return value.isString() ? value.stringValue() : of(value);
    }

    public static String quoted(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder result = new StringBuilder().append(quote);
        text.codePoints().forEach(point -> result.append(escaped(point, quote)));
        return result.append(quote).toString();
    }

    /** {@code ('a', 'b')} */
    public static String tuple(Collection<String> texts) {
        return texts.stream()
                .map(PythonText::quoted)
                .collect(Collectors.joining(", ", "(", texts.size() == 1 ? ",)" : ")"));
    }

    /** {@code ['a', 'b']} */
    public static String list(Collection<String> texts) {
        return texts.stream().map(PythonText::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String escaped(int point, char quote) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\\' -> "\\\\";
            default -> {
                if (point == quote) {
                    yield "\\" + quote;
                }
                if (point < 0x20 || (point >= 0x7f && point < 0xa1) || point == 0xad) {
                    yield "\\x%02x".formatted(point);
                }
                boolean printable = Character.isDefined(point)
                        && switch (Character.getType(point)) {
                            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE,
                                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                                false;
                            default -> point == ' ' || !Character.isSpaceChar(point);
                        };
                String form = point > 0xffff ? "\\U%08x" : "\\u%04x";
                yield printable ? Character.toString(point) : form.formatted(point);
            }
        };
    }

    private static String decimal(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return Double.toString(value);
        }
        double size = Math.abs(value);
        if (size >= 1e-4 && size < 1e16) {
            String plain = new BigDecimal(Double.toString(value)).toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain.replaceFirst("(\\.\\d+?)0+$", "$1");
        }
        String[] parts = Double.toString(value).split("E", 2);
        int exponent = Integer.parseInt(parts[1]);
        return "%se%s%02d"
                .formatted(parts[0].replaceFirst("\\.0$", ""), exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
