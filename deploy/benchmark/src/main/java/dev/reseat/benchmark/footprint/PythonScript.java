package dev.reseat.benchmark.footprint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A script of ours for the Python that Debian's packages are for. */
final class PythonScript {
    static final Path PYTHON = Path.of("/usr/bin/python3");

    private PythonScript() {}

    /** Its command line; the script is put into that directory. */
    static List<String> command(Path directory, String name, String... words) throws IOException {
        Path script = directory.resolve(name);
        try (var source = Objects.requireNonNull(PythonScript.class.getResourceAsStream("/python/" + name), name)) {
            Files.write(script, source.readAllBytes());
        }
        return Stream.concat(Stream.of(PYTHON.toString(), script.toString()), Stream.of(words)).toList();
    }

    static boolean imports(String module) throws IOException, InterruptedException {
        return Files.isExecutable(PYTHON)
                && new ProcessBuilder(PYTHON.toString(), "-c", "import " + module)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor() == 0;
    }
}
