package dev.reseat.api.offline;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What stands behind VALUES in one INSERT statement of a dump. */
final class SqlValues {
    private final boolean backslashes;
    private final BufferedReader more;
    private String text;
    private int at;

    /**
     * @param backslashes whether a backslash in a text stands for something, as with MySQL
     * @param more the lines behind, for texts that hold line ends
     */
    SqlValues(String text, boolean backslashes, BufferedReader more) {
        this.text = text;
        this.backslashes = backslashes;
        this.more = more;
    }

    /** One list for each row; null is NULL. @throws IllegalArgumentException if it is none of that */
    List<List<String>> rows() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        do {
            rows.add(row());
        } while (skip(','));
        require(';');
        return rows;
    }

    private List<String> row() throws IOException {
        require('(');
        List<String> values = new ArrayList<>();
        do {
            values.add(value());
        } while (skip(','));
        require(')');
        return values;
    }

    private String value() throws IOException {
        blanks();
        int begin = at;
        while (at < text.length() && ",)'".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at).strip();
        if (at < text.length() && text.charAt(at) == '\'') { // also behind _binary, E and the like
            return quoted(backslashes || word.equals("E"));
        }
        return word.equalsIgnoreCase("NULL") ? null : word;
    }

    private String quoted(boolean escapes) throws IOException {
        StringBuilder value = new StringBuilder();
        at++;
        while (true) {
            if (at >= text.length()) {
                nextLine();
                value.append('\n');
                continue;
            }
            char c = text.charAt(at++);
            if (c == '\\' && escapes && at < text.length()) {
                value.append(escaped(text.charAt(at++)));
            } else if (c != '\'') {
                value.append(c);
            } else if (at < text.length() && text.charAt(at) == '\'') {
                value.append('\'');
                at++;
            } else {
                return value.toString();
            }
        }
    }

    /** What a character stands for behind a backslash. */
    static char escaped(char c) {
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '0' -> '\0';
            default -> c;
        };
    }

    private void nextLine() throws IOException {
        String line = more.readLine();
        if (line == null) {
            throw new IllegalArgumentException("the dump ends within a statement");
        }
        text = line;
        at = 0;
    }

    private void blanks() throws IOException {
        while (at >= text.length() || Character.isWhitespace(text.charAt(at))) {
            if (at >= text.length()) {
                nextLine();
            } else {
                at++;
            }
        }
    }

    private boolean skip(char wanted) throws IOException {
        blanks();
        if (text.charAt(at) != wanted) {
            return false;
        }
        at++;
        return true;
    }

    private void require(char wanted) throws IOException {
        if (!skip(wanted)) {
            throw new IllegalArgumentException(
                    "an INSERT statement cannot be read: no '" + wanted + "' where it was due");
        }
    }
}
