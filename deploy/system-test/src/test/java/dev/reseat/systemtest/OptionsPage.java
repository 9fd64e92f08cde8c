package dev.reseat.systemtest;

import dev.reseat.launch.ProgramSettings;
import dev.reseat.runtime.SettingRead;
import dev.reseat.runtime.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code docs/operators/options.md}, written from what the programs say when they read their settings, which is what
 * {@code reseat config check} goes by too.
 */
final class OptionsPage {
    private static final Path PAGE = Path.of("..", "..", "docs", "operators", "options.md");
    private static final Path SAMPLES = Path.of("..", "etc");
    private static final int WIDTH = 136;
    /** What of a sample would show its own value as another option's default. */
    private static final Pattern OF_THIS_HOST = Pattern.compile("(?m)^#?(backend_)?host = .*$");
    private static final Pattern AUTHENTICATION = Pattern.compile("(?m)^auth_type = .*$");
    private static final Pattern DRIVER = Pattern.compile("(?m)^\\[(\\w+)]\\nvolume_driver = (\\S+)$");

    private final Map<SettingRead, Set<String>> programs = new LinkedHashMap<>();
    private final Map<String, String> drivers = new TreeMap<>();

    private OptionsPage() {}

    static String published() throws IOException {
        return Files.exists(PAGE) ? Files.readString(PAGE) : "";
    }

    static void writeIfAsked(String page) throws IOException {
        if ("write".equals(System.getProperty("reseat.options"))) {
            Files.writeString(PAGE, page);
        }
    }

    /** With all drivers, and each way to log in and to say where shares are. */
    static OptionsPage made() throws IOException {
        OptionsPage page = new OptionsPage();
        for (ProgramSettings program : ServiceLoader.load(ProgramSettings.class)) {
            String sample = sample(program.program() + ".conf") + sample("oslo-messaging-rabbit.conf");
            page.read(program, sample);
            page.read(program, AUTHENTICATION.matcher(sample)
                    .replaceAll("auth_type = noauth\nproject_id = p")
                    .replace("nas_host =", "nas_host = nas.example.org"));
        }
        return page;
    }

    /** Every commented option as if it were set. */
    private static String sample(String file) throws IOException {
        String text = Files.readString(SAMPLES.resolve(file)).replaceAll("(?m)^#(?=[a-z_]+ =)", "");
        return OF_THIS_HOST.matcher(text).replaceAll("") + "\n";
    }

    private void read(ProgramSettings program, String text) {
        String all = text.replaceAll("(?m)^enabled_backends = .*$", "enabled_backends = "
                + DRIVER.matcher(text).results().map(match -> match.group(1)).collect(Collectors.joining(",")));
        DRIVER.matcher(text).results().forEach(match -> drivers.put(match.group(1), match.group(2)));
        Settings settings = Settings.parse(all);
        program.read(settings);
        settings.reads()
                .forEach(option -> programs.computeIfAbsent(option, _ -> new TreeSet<>()).add(program.program()));
    }

    /** {@code [group] key} of all that somebody reads. */
    Set<String> names() {
        return programs.keySet().stream().map(OptionsPage::name).collect(Collectors.toSet());
    }

    private static String name(SettingRead option) {
        return "[" + option.group() + "] " + option.key();
    }

    String text() {
        StringJoiner page = new StringJoiner("\n", "", "\n");
        page.add("""
                # Every option, and what becomes of it

                This page is made from the code that reads settings, as `reseat config check FILE...` is; do not edit
                it. What the options mean that only Reseat has is said in [settings.md](settings.md); the others mean
                what they mean in `cinder.conf` and `nova.conf`, and the samples say a word on each. An option without
                a default is off, or has to be set.
                """);
        Map<String, List<SettingRead>> groups = new TreeMap<>(Comparator.comparing(OptionsPage::order));
        programs.keySet()
                .forEach(option -> groups.computeIfAbsent(option.group(), _ -> new ArrayList<>()).add(option));
        groups.forEach((group, options) -> page.add(section(group, options)));
        page.add("""
                ## Known and passed over

                What OpenStack's compute and block-storage services read, and Reseat does not. It may stand in files
                given to Reseat. A section with `*` is every one whose name begins so; `backend_defaults` is every
                backend.
                """);
        ignored().forEach((group, keys) -> page.add(wrapped("- `[" + group + "]` " + String.join(", ", keys))));
        return page.toString();
    }

    /** What is asked for most comes first, backends last. */
    private static String order(String group) {
        return (group.equals("DEFAULT") ? "0" : group.matches("(file|ceph|lvm|nfs)1") ? "2" : "1") + group;
    }

    private String section(String group, List<SettingRead> options) {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        String driver = drivers.get(group);
        text.add(driver == null ? "## `[" + group + "]`\n" : "## A backend with `volume_driver = " + driver + "`\n");
        text.add("| option | type | default | read by |").add("|---|---|---|---|");
        options.stream()
                .sorted(Comparator.comparing(SettingRead::key).thenComparing(SettingRead::fallback))
                .forEach(option -> text.add("| `" + option.key() + "` | " + typed(option) + " | " + shown(option)
                        + " | " + String.join(", ", programs.get(option)).replace("reseat-", "") + " |"));
        return text.toString();
    }

    private static String typed(SettingRead option) {
        return option.type().isEmpty() ? "text" : option.type();
    }

    private static String shown(SettingRead option) {
        if (option.fallback().equals(Settings.systemName())) {
            return "the system's name";
        }
        return option.fallback().isEmpty() ? "" : "`" + option.fallback().replace("|", "\\|") + "`";
    }

    private Map<String, Set<String>> ignored() {
        Map<String, Set<String>> ignored = new TreeMap<>(Comparator.comparing(OptionsPage::order));
        var names = Objects.requireNonNull(Settings.class.getResourceAsStream("upstream-settings.txt"));
        Set<String> used = names();
        try (var lines = new BufferedReader(new InputStreamReader(names, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).map(line -> line.split(" ", 2)).forEach(words -> {
                if (!used.contains("[" + words[0] + "] " + words[1])) {
                    ignored.computeIfAbsent(words[0], _ -> new TreeSet<>()).add(words[1]);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return ignored;
    }

    private static String wrapped(String text) {
        StringBuilder all = new StringBuilder();
        int line = 0;
        for (String word : text.split(" ", -1)) {
            if (line + word.length() >= WIDTH) {
                all.append("\n  ");
                line = 2;
            } else if (!all.isEmpty()) {
                all.append(' ');
                line++;
            }
            all.append(word);
            line += word.length();
        }
        return all.toString();
    }
}
