package dev.reseat.runtime;

import dev.reseat.runtime.IniFile.Entry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The settings of a process in oslo.config's dialect, from files, directories and environment. Config records read
 * them once, before anything starts; every read makes its key known. A value that cannot be read is remembered and the
 * fallback given instead; {@link #check} (or {@link #checked}) then refuses all of them at once, together with keys
 * that were probably meant for us and are misspelt. Values of secret keys appear in no message.
 *
 * <p>For the starting thread only. Follows {@code oslo_config.cfg}; unlike it, an empty number is an error and a
 * misspelt key is one too.
 */
public final class Settings {
    private static final System.Logger LOG = System.getLogger(Settings.class.getName());
    private static final Pattern SECRET = Pattern.compile(
            "passw|secret|token|keyring|connection|transport_url|credential|private_key|api_key",
            Pattern.CASE_INSENSITIVE);

    private final SettingValues values;
    private final Map<SettingName, SettingRead> read;
    private final Set<String> problems;
    private final Set<String> switches;

    private final List<Path> folders;

    private Settings(List<IniFile> files, List<Path> folders, Map<String, String> environment) {
        List<Entry> entries = files.stream().flatMap(file -> file.entries().stream()).toList();
        values = new SettingValues(entries, environment);
        read = new HashMap<>();
        problems = new LinkedHashSet<>();
        switches = Set.of();
        this.folders = List.copyOf(folders);
        files.forEach(file -> problems.addAll(file.problems()));
    }

    private Settings(Settings below, List<Entry> entries, Set<String> switches) {
        values = below.values.over(entries);
        read = below.read;
        problems = below.problems;
        this.switches = Set.copyOf(switches);
        folders = below.folders;
    }

    /**
     * Reads files, and of each directory its {@code *.conf} files sorted by name, in the order given: later wins, and
     * the environment ({@code OS_<GROUP>__<KEY>}) wins over all of them.
     *
     * @throws SettingsException if a source is missing or cannot be read
     */
    public static Settings load(List<Path> sources, Map<String, String> environment) {
        List<IniFile> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        for (Path source : sources) {
            try {
                Path absolute = source.toAbsolutePath();
                folders.add(Files.isDirectory(source) ? absolute : absolute.getParent());
                for (Path file : filesOf(source)) {
                    files.add(IniFile.parse(file.toString(), Files.readString(file)));
                }
            } catch (IOException failure) {
                throw new SettingsException(List.of(source + ": cannot be read: " + failure));
            }
        }
        return new Settings(files, folders, environment);
    }

    /** Reads one text as if it were a file, without an environment. */
    public static Settings parse(String text) {
        return new Settings(List.of(IniFile.parse("settings", text)), List.of(), Map.of());
    }

    /**
     * The same settings with values that go before all others, the environment included. What is read from either, and
     * every problem, counts for both.
     *
     * @param origin where the values were written, for messages
     */
    public Settings over(String group, Map<String, String> overriding, String origin) {
        return new Settings(this, overriding.entrySet()
                .stream()
                .map(value -> new Entry(group, value.getKey(), value.getValue().replace("$", "$$"), origin))
                .toList(), switches);
    }

    /** The same settings, and switches of the command line, which no file can set. */
    public Settings switchedOn(Set<String> names) {
        return new Settings(this, List.of(), names);
    }

    /** Whether the command line had {@code --NAME}. */
    public boolean isSwitchedOn(String name) {
        return switches.contains(name);
    }

    /** Whether there is a value, readable or not. */
    public boolean isSet(String group, String key) {
        return values.last(known(group, key, "", Optional.empty())).isPresent();
    }

    /** The same without having read it: it is still named as not used. For what is only looked at to be refused. */
    public boolean has(String group, String key) {
        return values.last(new SettingName(group, key)).isPresent();
    }

    /** A file that a setting names: an absolute one as it is, any other where it is beside the files that were read. */
    public Optional<Path> find(Path name) {
        return name.isAbsolute()
                ? Optional.of(name)
                : folders.stream().map(folder -> folder.resolve(name)).filter(Files::exists).findFirst();
    }

    /** Adds a problem for {@link #check}: of values that can be read, but do not fit together. */
    public void refuse(String problem) {
        problems.add(problem);
    }

    /** A text; empty if it is absent or blank. */
    public Optional<String> optionalText(String group, String key) {
        return value(group, key, Optional.<String>empty(), Optional::of).filter(text -> !text.isBlank());
    }

    /** A text; it may be blank if it was set so. */
    public String text(String group, String key, String fallback) {
        return value(group, key, fallback, Function.identity());
    }

    /** A text that has to be there. If it is not, that is a problem for {@link #check}, and the result is empty. */
    public String requiredText(String group, String key) {
        Optional<String> text = value(group, key, Optional.<String>empty(), Optional::of, "text, must be set")
                .filter(words -> !words.isBlank());
        if (text.isEmpty()) {
            problems.add(new SettingName(group, key) + ": must be set");
        }
        return text.orElse("");
    }

    /** {@code [DEFAULT] host}; by default the system's name, as gethostname(2) gives it, not as a resolver would. */
    public String host() {
        return value("DEFAULT", "host", Optional.<String>empty(), Optional::of, "text; the system's name by default")
                .filter(text -> !text.isBlank())
                .orElseGet(Settings::systemName);
    }

    /** A whole number of any size that fits. */
    public int integer(String group, String key, int fallback) {
        return integer(group, key, fallback, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** A whole number from {@code least} to {@code most}, both included. */
    public int integer(String group, String key, int fallback, int least, int most) {
        return value(group, key, fallback, text -> SettingText.integer(text, least, most), range(least, most));
    }

    /** One of true, 1, on, yes and false, 0, off, no, in any case. */
    public boolean bool(String group, String key, boolean fallback) {
        return value(group, key, fallback, SettingText::truth);
    }

    /** A number of seconds, with or without decimals. It may be negative; the config record decides what that means. */
    public Duration seconds(String group, String key, Duration fallback) {
        return value(group, key, fallback, SettingText::seconds);
    }

    /** Words separated by commas, without blank ones. */
    public List<String> list(String group, String key, List<String> fallback) {
        return value(group, key, fallback, SettingText::words);
    }

    /** Every value of a key that may be repeated, in the order written; empty if there is none. */
    public List<String> multi(String group, String key) {
        SettingName name = known(group, key, "text, may be repeated", Optional.empty());
        return values.all(name)
                .stream()
                .flatMap(entry -> attempt(entry, Function.identity()).stream())
                .toList();
    }

    /** One word of a closed list. */
    public String choice(String group, String key, String fallback, List<String> choices) {
        return value(group, key, fallback, text -> {
            if (!choices.contains(text)) {
                throw new IllegalArgumentException("must be one of " + String.join(", ", choices));
            }
            return text;
        }, "one of " + String.join(", ", choices));
    }

    /**
     * A value of any other type. The reader refuses a text by {@link IllegalArgumentException}; its message is shown to
     * the operator, so a reader of secrets must not repeat parts of them there.
     */
    public <T> T value(String group, String key, T fallback, Function<String, T> reader) {
        return value(group, key, fallback, reader, SettingRead.typeOf(fallback));
    }

    private <T> T value(String group, String key, T fallback, Function<String, T> reader, String type) {
        return values.last(known(group, key, type, fallback))
                .flatMap(entry -> attempt(entry, reader))
                .orElse(fallback);
    }

    /**
     * Runs all the reading of a process and checks it.
     *
     * @throws SettingsException as {@link #check}; also if the reader refuses with an {@link IllegalArgumentException},
     *     which config records do for values that do not fit together
     */
    public <T> T checked(Function<Settings, T> reader) {
        T config;
        try {
            config = reader.apply(this);
        } catch (IllegalArgumentException refused) {
            problems.add(String.valueOf(refused.getMessage()));
            throw new SettingsException(List.copyOf(problems));
        }
        check();
        return config;
    }

    /**
     * To be called once, when everything was read. Settings that are not used here, but were not meant for us either,
     * are no problem: a log line names them by section, and another one those that OpenStack does not have either.
     *
     * @throws SettingsException naming every value that could not be read and every key that was probably misspelt
     */
    public void check() {
        UnreadSettings unread = UnreadSettings.of(values, read.keySet());
        problems.addAll(unread.misspelt());
        if (!problems.isEmpty()) {
            throw new SettingsException(List.copyOf(problems));
        }
        if (!unread.known().isEmpty()) {
            LOG.log(Level.INFO, "settings that are not used here: {0}", UnreadSettings.shown(unread.known()));
        }
        if (!unread.strange().isEmpty()) {
            LOG.log(Level.WARNING, "settings that neither Reseat nor OpenStack knows, passed over: {0}",
                    UnreadSettings.shown(unread.strange()));
        }
    }

    /** What becomes of each option in the files, by what has been read so far; in the order written. */
    public List<SettingUse> uses() {
        List<Entry> known = UnreadSettings.of(values, read.keySet()).known();
        return values.firstEntries()
                .stream()
                .map(entry -> new SettingUse(
                        entry.group(), entry.key(), entry.origin(),
                        read.containsKey(entry.name())
                                ? SettingUse.Kind.USED
                                : known.contains(entry) ? SettingUse.Kind.IGNORED : SettingUse.Kind.UNKNOWN))
                .toList();
    }

    /** What was found wrong so far, without what is written and was not read. */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /** Every option that has been read so far, whether it is written or not; sorted. */
    public List<SettingRead> reads() {
        return read.values()
                .stream()
                .sorted(Comparator.comparing(SettingRead::group).thenComparing(SettingRead::key))
                .toList();
    }

    /** The system's name, as gethostname(2) gives it. */
    public static String systemName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("[DEFAULT] host: must be set, as this system does not tell its name", e);
        }
    }

    /** What is said when an option is read for the first time counts; only to look for it says nothing. */
    private SettingName known(String group, String key, String type, Object fallback) {
        SettingName name = new SettingName(group, key);
        read.merge(name, SettingRead.of(name, type, fallback), (first, next) -> first.type().isEmpty() ? next : first);
        return name;
    }

    private static String range(int least, int most) {
        String from = least == Integer.MIN_VALUE ? "" : ", at least " + least;
        return "integer" + (most == Integer.MAX_VALUE ? from : from + ", at most " + most);
    }

    private <T> Optional<T> attempt(Entry entry, Function<String, T> reader) {
        String text = "";
        try {
            text = values.resolved(entry);
            return Optional.of(reader.apply(text));
        } catch (IllegalArgumentException refused) {
            String shown = isSecret(entry) ? "***" : entry.value();
            String reason = String.valueOf(refused.getMessage());
            problems.add(entry.name() + ": cannot read '" + shown + "': "
                    + (text.isBlank() ? reason : reason.replace(text, shown)) + " (" + entry.origin() + ")");
            return Optional.empty();
        }
    }

    private static boolean isSecret(Entry entry) {
        return SECRET.matcher(entry.key()).find();
    }

    private static List<Path> filesOf(Path source) throws IOException {
        if (!Files.isDirectory(source)) {
            return List.of(source);
        }
        try (Stream<Path> files = Files.list(source)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".conf")).sorted().toList();
        }
    }
}
