package dev.reseat.compute.guest.libvirt;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * What a domain's definition says.
 *
 * @param active whether it is the running domain's
 */
record DomainXml(String name, boolean active, List<DomainDisk> disks) {
    DomainXml {
        disks = List.copyOf(disks);
    }

    /** @throws HypervisorSilent if it is no definition; documents that name others are none */
    static DomainXml read(String xml) {
        Element root = parse(xml);
        if (!root.getTagName().equals("domain")) {
            throw new HypervisorSilent("a definition begins with <" + root.getTagName() + ">");
        }
        List<DomainDisk> disks = children(root, "devices").flatMap(devices -> children(devices, "disk"))
                .map(DomainXml::disk)
                .toList();
        String name = children(root, "name").findFirst().map(Node::getTextContent).orElse("-").strip();
        return new DomainXml(name, root.hasAttribute("id"), disks);
    }

    private static Element parse(String xml) {
        try {
            DocumentBuilder builder = builder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new InputSource(new StringReader(xml))).getDocumentElement();
        } catch (SAXException | IOException e) {
            throw new HypervisorSilent("a definition cannot be read: " + e.getMessage(), e);
        }
    }

    private static DocumentBuilder builder() {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setXIncludeAware(false);
            factory.setExpandEntityReferences(false);
            return factory.newDocumentBuilder();
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own parser lacks what it has", e);
        }
    }

    private static DomainDisk disk(Element disk) {
        List<String> others = new ArrayList<>();
        Stream.of("mirror", "backingStore")
                .flatMap(tag -> children(disk, tag))
                .forEach(other -> collect(other, others));
        return new DomainDisk(
                children(disk, "target").findFirst().map(target -> target.getAttribute("dev")).orElse(""),
                disk.getAttribute("type").equals("block"),
                children(disk, "source").findFirst().flatMap(DomainXml::place),
                others,
                children(disk, "serial").findFirst().map(serial -> serial.getTextContent().strip()),
                children(disk, "source").flatMap(source -> children(source, "host"))
                        .flatMap(DomainXml::address)
                        .toList());
    }

    private static Stream<String> address(Element host) {
        String name = host.getAttribute("name");
        String port = host.getAttribute("port");
        String shown = name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
        return name.isEmpty() ? Stream.empty() : Stream.of(port.isEmpty() ? shown : shown + ":" + port);
    }

    private static void collect(Element layer, List<String> places) {
        children(layer, "source").findFirst().flatMap(DomainXml::place).ifPresent(places::add);
        children(layer, "backingStore").forEach(below -> collect(below, places));
    }

    private static Optional<String> place(Element source) {
        return Stream.of("file", "dev", "name", "dir", "volume", "path")
                .map(source::getAttribute)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    private static Stream<Element> children(Element parent, String tag) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(tag)) {
                found.add(element);
            }
        }
        return found.stream();
    }

    /** Prints nothing, lets nothing pass. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException problem) throws SAXException {
            throw problem;
        }

        @Override
        public void error(SAXParseException problem) throws SAXException {
            throw problem;
        }

        @Override
        public void fatalError(SAXParseException problem) throws SAXException {
            throw problem;
        }
    }
}
