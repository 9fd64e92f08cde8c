package dev.reseat.api.rest;

import tools.jackson.databind.JsonNode;

/**
 * What no text of a request may hold, wherever it stands: the character NUL, which no database keeps, and halves of
 * surrogate pairs, which no encoding has.
 */
final class RequestText {
    private RequestText() {}

    /** @throws HttpFault 400 if the text of a path or query cannot be stored or compared */
    static void check(String text) {
        if (!isPlain(text)) {
            throw HttpFault.badRequest(HttpFault.MALFORMED);
        }
    }

    /** @throws HttpFault 400 if a key or text of a body cannot be stored or compared */
    static void check(JsonNode body) {
        if (body.isString() && !isPlain(body.stringValue())) {
            throw HttpFault.malformedBody();
        }
        if (body.isObject()) {
            for (String key : body.propertyNames()) {
                if (!isPlain(key)) {
                    throw HttpFault.malformedBody();
                }
            }
        }
        body.forEach(RequestText::check);
    }

    private static boolean isPlain(String text) {
        return text.codePoints().allMatch(point -> point != 0 && Character.getType(point) != Character.SURROGATE);
    }
}
