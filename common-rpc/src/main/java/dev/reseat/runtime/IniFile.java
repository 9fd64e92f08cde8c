package dev.reseat.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads oslo.config's INI dialect. Follows {@code oslo_config.iniparser}, except that it goes on after a bad line. */
final class IniFile {
    /** One assignment; {@code origin} is where it was written, {@code file:line} or an environment variable. */
    record Entry(String group, String key, String value, String origin) {
        SettingName name() {
            return new SettingName(group, key);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private Optional<String> group = Optional.empty();
    private Optional<Entry> open = Optional.empty();

    private IniFile() {}

    static IniFile parse(String file, String text) {
        IniFile parsed = new IniFile();
        String[] lines = text.split("\r\n|\r|\n", -1);
        for (int i = 0; i < lines.length; i++) {
            parsed.read(lines[i].stripTrailing(), file + ":" + (i + 1));
        }
        parsed.finishAssignment();
        return parsed;
    }

    /** In the order of the file; a repeated key appears as often as it was written. */
    List<Entry> entries() {
        return entries;
    }

    /** Lines that are no settings. They do not repeat the line, which may hold a secret. */
    List<String> problems() {
        return problems;
    }

    private void read(String line, String origin) {
        if (line.startsWith(" ") || line.startsWith("\t")) {
            continueAssignment(line.strip(), origin);
            return;
        }
        finishAssignment();
        if (line.startsWith("[")) {
            group = readGroup(line, origin);
        } else if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")) {
            open = readAssignment(line, origin);
        }
    }

    private void continueAssignment(String more, String origin) {
        if (open.isEmpty()) {
            problems.add(origin + ": unexpected continuation line");
        }
        open = open.map(entry -> new Entry(entry.group(), entry.key(), entry.value() + "\n" + more, entry.origin()));
    }

    private void finishAssignment() {
        open.ifPresent(entries::add);
        open = Optional.empty();
    }

    private Optional<String> readGroup(String line, String origin) {
        if (!line.endsWith("]") || line.length() <= 2) {
            problems.add(
                    origin + (line.endsWith("]") ? ": empty section name" : ": invalid section (must end with ])"));
            return Optional.empty();
        }
        return Optional.of(line.substring(1, line.length() - 1));
    }

    private Optional<Entry> readAssignment(String line, String origin) {
        int split = splitAt(line);
        String key = split < 0 ? "" : line.substring(0, split).strip();
        if (split < 0) {
            problems.add(origin + ": no ':' or '=' found in assignment");
        } else if (key.isEmpty()) {
            problems.add(origin + ": key cannot be empty");
        } else if (group.isEmpty()) {
            problems.add(origin + ": " + key + " stands outside any section");
        } else {
            String value = withoutQuotes(line.substring(split + 1).strip());
            return Optional.of(new Entry(group.get(), key, value, origin));
        }
        return Optional.empty();
    }

    private static int splitAt(String line) {
        int equal = line.indexOf('=');
        int colon = line.indexOf(':');
        return equal < 0 || (colon >= 0 && colon < equal) ? colon : equal;
    }

    private static String withoutQuotes(String value) {
        boolean quoted = (value.startsWith("\"") || value.startsWith("'"))
                && value.charAt(0) == value.charAt(value.length() - 1);
        return quoted ? value.substring(1, Math.max(1, value.length() - 1)) : value;
    }
}
