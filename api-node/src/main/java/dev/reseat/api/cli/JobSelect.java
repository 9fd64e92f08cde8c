package dev.reseat.api.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words of {@code --select} as the API takes them. */
final class JobSelect {
    private static final List<String> LISTS =
            List.of("state", "host", "backend", "project", "ids", "address", "pattern");
    private static final Pattern AGE = Pattern.compile("([1-9]\\d{0,8})([smhd])");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3600L, "d", 86_400L);

    private JobSelect() {}

    /**
     * @param words {@code KEY=VALUE[,VALUE…]}; {@code ids=@FILE} reads a file, one id a line
     * @throws UsageError naming the word that is wrong
     */
    static Map<String, Object> of(List<String> words) {
        Map<String, Object> select = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            String key = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? "" : word.substring(equals + 1);
            if (value.isBlank()) {
                throw new UsageError("--select " + word + " is no KEY=VALUE; an empty selector selects nothing");
            }
            if (key.equals("older-than")) {
                select.put("older_than", seconds(value));
            } else if (LISTS.contains(key)) {
                select.merge(key, new ArrayList<>(values(key, value)), JobSelect::joined);
            } else {
                throw new UsageError("--select knows " + String.join(", ", LISTS) + " and older-than, not " + key);
            }
        }
        return select;
    }

    @SuppressWarnings("unchecked")
    private static Object joined(Object before, Object more) {
        ((List<String>) before).addAll((List<String>) more);
        return before;
    }

    private static List<String> values(String key, String value) {
        if (key.equals("ids")) {
            return value.startsWith("@") ? idsIn(Path.of(value.substring(1))) : ids(value);
        }
        return Arrays.asList(value.split(",", -1));
    }

    private static List<String> ids(String value) {
        List<String> ids = Stream.of(value.split(",", -1)).map(String::strip).toList();
        ids.stream().filter(id -> !VolumeName.isId(id)).findFirst().ifPresent(id -> {
            throw new UsageError("--select ids: '" + id + "' is no id of a volume");
        });
        return ids;
    }

    /** A list in which one line is something else was made for something else: nothing of it is taken. */
    private static List<String> idsIn(Path file) {
        List<String> ids = new ArrayList<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String id = lines.get(i).strip();
            if (!id.isEmpty()) {
                if (!VolumeName.isId(id)) { // what it holds instead is not repeated
                    throw new UsageError(file + ", line " + (i + 1) + " is no id of a volume; nothing is selected");
                }
                ids.add(id);
            }
        }
        if (ids.isEmpty()) {
            throw new UsageError(file + " holds no ids; an empty selector selects nothing");
        }
        return ids;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UsageError("cannot read " + file + ": " + e.getClass().getSimpleName());
        }
    }

    private static long seconds(String text) {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) {
            throw new UsageError("older-than is a number with s, m, h or d, such as 2h, not " + text);
        }
        return Long.parseLong(age.group(1)) * SECONDS.get(age.group(2));
    }
}
