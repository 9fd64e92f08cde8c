package dev.reseat.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The map of the house shows the rooms that stand, not those somebody meant to build. */
final class ImportMapTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final String OURS = "dev.reseat";
    /** One group of alternatives, which may be missing altogether. */
    private static final Pattern GROUP = Pattern.compile("\\(([^()]*)\\)(\\??)");

    @Test
    void everyRoomOfTheMapExists() throws Exception {
        var map = new TreeSet<String>();
        collect(parse(ROOT.resolve(".mvn/import-control.xml")), OURS, map);

        assertThat(map).hasSizeGreaterThan(20).isSubsetOf(existing());
    }

    @Test
    void alternativesAreRoomsOfTheirOwn() {
        assertThat(rooms("dev\\.reseat\\.api\\.(store|store\\.\\w+|flow)\\.[A-Z].*"))
                .containsExactly("dev.reseat.api.store", "dev.reseat.api.store", "dev.reseat.api.flow");
        assertThat(rooms("dev\\.reseat\\.rpc\\.(client\\.)?[A-Z].*"))
                .containsExactly("dev.reseat.rpc.client", "dev.reseat.rpc");
        assertThat(rooms("dev.reseat.contract.Secrets")).containsExactly("dev.reseat.contract");
    }

    /** The rooms that have lines of their own, and those that lines allow. */
    private static void collect(Element room, String name, Set<String> into) {
        into.add(name);
        NodeList children = room.getChildNodes();
        for (int i = 0; i < children.getLength(); i++) {
            if (children.item(i) instanceof Element child) {
                if (child.getTagName().equals("subpackage")) {
                    collect(child, name + "." + child.getAttribute("name"), into);
                }
                into.addAll(rooms(child.getAttribute("pkg")));
                into.addAll(rooms(child.getAttribute("class")));
            }
        }
    }

    /** Of a package, a class or a pattern of classes: the packages of ours that it names. */
    private static List<String> rooms(String pattern) {
        Matcher group = GROUP.matcher(pattern);
        if (group.find()) {
            List<String> found = new ArrayList<>();
            List<String> choices = new ArrayList<>(Arrays.asList(group.group(1).split("\\|", -1)));
            if (!group.group(2).isEmpty()) {
                choices.add("");
            }
            for (String choice : choices) {
                found.addAll(rooms(pattern.substring(0, group.start()) + choice + pattern.substring(group.end())));
            }
            return found;
        }
        String room = Arrays.stream(pattern.replace("\\.", ".").split("\\.", -1))
                .takeWhile(word -> word.matches("[a-z]+"))
                .collect(Collectors.joining("."));
        return room.startsWith(OURS) ? List.of(room) : List.of();
    }

    private static List<String> existing() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(ROOT::relativize)
                    .filter(file -> file.toString().endsWith(".java"))
                    .map(file -> file.getParent().toString().replace('/', '.'))
                    .map(folder -> folder.split("\\.java\\.(?=" + OURS + ")", 2))
                    .filter(halves -> halves.length == 2 && !halves[0].contains("target.")) // not what builds made
                    .map(halves -> halves[1])
                    .flatMap(ImportMapTest::withParents)
                    .distinct()
                    .toList();
        }
    }

    private static Stream<String> withParents(String room) {
        return Stream.iterate(room, name -> name.startsWith(OURS), name -> name.substring(0, name.lastIndexOf('.')));
    }

    private static Element parse(Path file) throws Exception {
        var factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement();
    }
}
