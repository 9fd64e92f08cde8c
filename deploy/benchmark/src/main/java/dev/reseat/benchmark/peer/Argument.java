package dev.reseat.benchmark.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a call carries: made once, sent again and again. */
sealed interface Argument {
    /** What goes over the wire where nobody cares for its form. */
    byte[] bytes();

    /** What is written as JSON elsewhere. */
    Object value();

    /** Whether that is what came back, as far as it can be told without walking through it. */
    boolean isEcho(Object answer);

    /** Letters and digits, so that JSON escapes none of them. */
    record Text(String value, byte[] bytes) implements Argument {
        @Override
        public boolean isEcho(Object answer) {
            return value.equals(answer);
        }
    }

    /** As the services' arguments are: small objects in lists, many short keys and values. */
    record Tree(Map<String, List<Map<String, Object>>> value, byte[] bytes) implements Argument {
        private static final String LIST = "disks";

        @Override
        public boolean isEcho(Object answer) {
            return answer instanceof Map<?, ?> map && map.get(LIST) instanceof List<?> list
                    && list.size() == value.get(LIST).size();
        }
    }

    /**
     * @param form text, tree or connection
     * @param size in bytes; a tree as JSON is as large as it can be without being larger; a connection_info is of RBD
     *     (1 KiB), or of iSCSI with eight portals (3 KiB) where more is asked for
     */
    static Argument of(String form, int size) {
        return switch (form) {
            case "text" -> {
                String text = "reseat-0123456789".repeat(size / 17 + 1).substring(0, size);
                yield new Text(text, text.getBytes(UTF_8));
            }
            case "tree" -> tree(size);
            case "connection" -> connection(size <= 2048 ? "rbd" : "iscsi");
            default -> throw new IllegalArgumentException("no such form of argument: " + form);
        };
    }

    private static Tree connection(String kind) {
        var json = new JsonMapper();
        try (InputStream file = Argument.class.getResourceAsStream("/connection/" + kind + ".json")) {
            Map<String, List<Map<String, Object>>> value =
                    Map.of(Tree.LIST, List.of(json.readValue(file, new TypeReference<Map<String, Object>>() {})));
            return new Tree(value, json.writeValueAsBytes(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tree tree(int size) {
        var json = new JsonMapper();
        List<Map<String, Object>> disks = new ArrayList<>();
        Map<String, List<Map<String, Object>>> value = Map.of(Tree.LIST, disks);
        while (json.writeValueAsBytes(value).length <= size) {
            disks.add(disk(disks.size()));
        }
        disks.removeLast();
        return new Tree(value, json.writeValueAsBytes(value));
    }

    private static Map<String, Object> disk(int number) {
        Map<String, Object> disk = new LinkedHashMap<>();
        disk.put("id", "volume-" + number);
        disk.put("bootable", number == 0);
        disk.put("size", number + 1);
        disk.put("path", "/dev/disk/by-id/\"" + number + "\"");
        disk.put("serial", null);
        return disk;
    }
}
