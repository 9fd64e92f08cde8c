package dev.reseat.rpc.envelope;

/**
 * A JSON value as text, not looked into yet: what it has to become is known only once the method is.
 *
 * @param text one well-formed JSON value
 */
public record RawJson(String text) {
    public static final RawJson NULL = new RawJson("null");
    public static final RawJson EMPTY_OBJECT = new RawJson("{}");

    public boolean isNull() {
        return text.equals("null");
    }

    /** Says the size only: arguments carry secrets. */
    @Override
    public String toString() {
        return "RawJson[" + text.length() + " characters]";
    }
}
