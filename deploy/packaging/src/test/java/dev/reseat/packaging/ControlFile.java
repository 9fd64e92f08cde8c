package dev.reseat.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A file of paragraphs with fields, as {@code debian/control} is one. */
record ControlFile(List<Map<String, String>> paragraphs) {
    private static final Pattern FIELD = Pattern.compile("(?m)^([A-Za-z-]+): *((?:.*)(?:\n[ \t].*)*)");

    static ControlFile read(Path file) {
        try {
            return new ControlFile(Arrays.stream(Files.readString(file).split("\n\n+", -1))
                    .map(ControlFile::fields)
                    .filter(fields -> !fields.isEmpty())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws java.util.NoSuchElementException if there is none */
    Map<String, String> binary(String name) {
        return paragraphs.stream().filter(fields -> name.equals(fields.get("Package"))).findFirst().orElseThrow();
    }

    List<String> packages() {
        return paragraphs.stream()
                .map(fields -> fields.getOrDefault("Package", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Map<String, String> fields(String paragraph) {
        return FIELD.matcher(paragraph)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> found.group(2), (first, again) -> {
                            throw new IllegalArgumentException("a field twice in: " + paragraph);
                        }, LinkedHashMap::new));
    }
}
