package dev.reseat.packaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.constant.ClassDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The class path of a program, and what can be reached on it from its main class. Names are internal, with slashes. */
final class ProgramJars {
    private static final String SERVICES = "META-INF/services/";

    private final List<Path> jars;
    private final Map<String, Path> jarOf = new HashMap<>();
    private final Map<String, Set<String>> uses = new HashMap<>();
    private final Map<String, List<String>> providers = new HashMap<>();
    private final Set<String> reached = new HashSet<>();

    private ProgramJars(List<Path> jars) {
        this.jars = List.copyOf(jars);
    }

    /** @param module of which {@code target/classpath} has been left by the build */
    static ProgramJars of(Path module, Path target) {
        try {
            List<Path> jars = new ArrayList<>();
            try (Stream<Path> own = Files.list(module.resolve(target))) {
                own.filter(file -> file.getFileName().toString().matches("reseat-[a-z-]+-[\\d.]+\\.jar"))
                        .forEach(jars::add);
            }
            Stream.of(Files.readString(module.resolve(target).resolve("classpath")).split(":", -1))
                    .map(Path::of)
                    .forEach(jars::add);
            return new ProgramJars(jars);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Goes from class to class, and to the providers of each service that is reached. */
    ProgramJars reach(String main) {
        jars.forEach(this::read);
        Deque<String> open = new ArrayDeque<>(List.of(main));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (uses.containsKey(name) && reached.add(name)) {
                open.addAll(uses.get(name));
                open.addAll(providers.getOrDefault(name, List.of()));
            }
        }
        return this;
    }

    List<String> names() {
        return jars.stream().map(ProgramJars::name).toList();
    }

    /** Jars of which nothing was reached. */
    Set<String> idle() {
        Set<String> idle = new TreeSet<>(names());
        reached.forEach(each -> idle.remove(name(jarOf.get(each))));
        return idle;
    }

    /** What reached classes of ours name, and is neither on the class path nor in the JDK. */
    Set<String> missing() {
        Set<String> missing = new TreeSet<>();
        reached.stream()
                .filter(each -> each.startsWith("dev/reseat/"))
                .flatMap(each -> uses.get(each).stream())
                .filter(each -> !uses.containsKey(each) && !isOfJdk(each))
                .forEach(missing::add);
        return missing;
    }

    private static boolean isOfJdk(String name) {
        return ClassLoader.getPlatformClassLoader().getResource(name + ".class") != null;
    }

    private static String name(Path jar) {
        return jar.getFileName().toString().replaceFirst("-\\d[^-]*(-jre|-empty.*)?\\.jar$", "");
    }

    private void read(Path path) {
        try (var jar = new JarFile(path.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (entry.getName().startsWith(SERVICES) && !entry.isDirectory()) {
                    String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                    providers.computeIfAbsent(
                            entry.getName().substring(SERVICES.length()).replace('.', '/'), _ -> new ArrayList<>())
                            .addAll(text.lines()
                                    .map(line -> line.replaceFirst("#.*", "").strip().replace('.', '/'))
                                    .toList());
                } else if (entry.getName().endsWith(".class") && !entry.getName().startsWith("META-INF/")) {
                    ClassModel model = ClassFile.of().parse(jar.getInputStream(entry).readAllBytes());
                    String name = model.thisClass().asInternalName();
                    if (jarOf.putIfAbsent(name, path) == null) {
                        uses.put(name, namedIn(model));
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    private static Set<String> namedIn(ClassModel model) {
        Set<String> names = new HashSet<>();
        for (var entry : model.constantPool()) {
            if (entry instanceof ClassEntry named) {
                ClassDesc description = named.asSymbol();
                while (description.isArray()) {
                    description = description.componentType();
                }
                if (description.isClassOrInterface()) {
                    String text = description.descriptorString();
                    names.add(text.substring(1, text.length() - 1));
                }
            }
        }
        return names;
    }
}
