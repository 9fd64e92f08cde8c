package dev.reseat.api.rest.policy;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A policy file in YAML: names and rules, each known by its line. */
final class PolicyText {
    private PolicyText() {}

    /** One rule as it is written. */
    record Line(String file, int number, String name, String rule) {
        /** @throws IllegalArgumentException if it cannot be read */
        Check check() {
            try {
                return CheckParser.parse(rule);
            } catch (IllegalArgumentException unreadable) {
                throw refused(unreadable.getMessage());
            }
        }

        IllegalArgumentException refused(String why) {
            return PolicyText.refused(file, number, "rule '" + name + "': " + why);
        }
    }

    /** @throws IllegalArgumentException naming file and line, if it is no mapping of names to rules */
    static Map<String, Line> read(String file, String text) {
        Map<String, Line> lines = new LinkedHashMap<>();
        Node root;
        try {
            root = new Yaml(new LoaderOptions()).compose(new StringReader(text));
        } catch (MarkedYAMLException unreadable) {
            throw refused(file, unreadable.getProblemMark().getLine() + 1, unreadable.getProblem());
        }
        if (root == null) {
            return lines; // all comments
        }
        if (!(root instanceof MappingNode mapping)) {
            throw refused(file, root.getStartMark().getLine() + 1, "it is no mapping of names to rules");
        }
        for (NodeTuple pair : mapping.getValue()) {
            Line line = line(file, pair);
            if (lines.put(line.name(), line) != null) {
                throw line.refused("it is there twice");
            }
        }
        return lines;
    }

    private static Line line(String file, NodeTuple pair) {
        int number = pair.getKeyNode().getStartMark().getLine() + 1;
        String name = pair.getKeyNode() instanceof ScalarNode key ? key.getValue() : "?";
        if (pair.getValueNode() instanceof ScalarNode value && !value.getTag().equals(Tag.NULL)) {
            return new Line(file, number, name, value.getValue());
        }
        throw refused(file, number, "rule '" + name + "': it must be a text; \"\" for everybody, \"!\" for nobody");
    }

    private static IllegalArgumentException refused(String file, int line, String why) {
        return new IllegalArgumentException(file + ", line " + line + ": " + why);
    }
}
