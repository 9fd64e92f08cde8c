package dev.reseat.api.rest.passthrough;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.URIUtil;

/**
 * Recognizes the path of a volume's actions however it is spelt: what stands behind us, or a web server in front of it,
 * may decode escapes, join slashes, resolve dots, and take a format behind a point. What could come out as such a path
 * counts as one.
 */
final class ActionPath {
    private static final Pattern SEPARATORS = Pattern.compile("[/;\\\\]+");
    /** A server behind a web server decodes twice; what is escaped more often than that hides something. */
    private static final int DECODINGS = 4;
    private static final Pattern ACTION = Pattern.compile("(/v3(?:/[^/]+)?/volumes/[^/]+/action)(?:\\.[^/]*)?");

    private ActionPath() {}

    /** @param raw as it was sent, without the query */
    static boolean couldBe(String raw) {
        String text = raw;
        for (int i = 0; i < DECODINGS; i++) {
            String before = text;
            text = decoded(before);
            if (isAction(text)) {
                return true;
            }
            if (text.equals(before)) {
                return false;
            }
        }
        return !text.equals(decoded(text));
    }

    private static boolean isAction(String path) {
        List<String> segments = List.of(SEPARATORS.split(path));
        int volumes = segments.indexOf("volumes");
        return volumes >= 0
                && segments.subList(volumes + 1, segments.size()).stream().anyMatch(one -> one.startsWith("action"));
    }

    /** The one spelling that our own routes know; empty if it is no volume's action after all, decoded once. */
    static Optional<String> canonical(String raw) {
        List<String> kept = new ArrayList<>();
        for (String segment : decoded(raw).split("/", -1)) {
            if (segment.equals("..")) {
                if (!kept.isEmpty()) {
                    kept.removeLast();
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                kept.add(segment);
            }
        }
        var action = ACTION.matcher("/" + String.join("/", kept));
        return action.matches() ? Optional.of(URIUtil.encodePath(action.group(1))) : Optional.empty();
    }

    /** Once, as a server does; an escape that is none stays as it is. */
    private static String decoded(String raw) {
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        var text = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            boolean escape = bytes[i] == '%' && i + 2 < bytes.length && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2]);
            if (escape) {
                text[length++] =
                        (byte) (HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                text[length++] = bytes[i];
            }
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }
}
