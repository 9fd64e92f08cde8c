package dev.reseat.api.cli;

import dev.reseat.launch.ProgramSettings;
import dev.reseat.runtime.SettingUse;
import dev.reseat.runtime.Settings;
import dev.reseat.runtime.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code reseat config}: settings files, without a server. */
@Command(name = "config", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
        description = "Looks at "
                + "settings files. Asks no server.")
final class ConfigCommands {
    private ConfigCommands() {}

    static CommandLine all(Output output) {
        return new CommandLine(new ConfigCommands()).addSubcommand(new Check(output));
    }

    /** {@code reseat config check}. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Says of every option in settings files "
            + "which program uses it, whether OpenStack knows it and it is passed over, or nobody does.",
            footer = {
                    "", "Exit code 3 if a value cannot be used, or an option is known to nobody."})
    static final class Check implements Callable<Integer> {
        private static final JsonMapper JSON = JsonMapper.shared();
        private static final int FOUND = 3;

        private final Output output;

        @Parameters(arity = "1..*", paramLabel = "FILE", description = "files, or folders of *.conf files, as given to "
                + "a program by --config-file") private List<Path> files;

        @Option(names = "--program", paramLabel = "NAME", description = "for one program alone, such as "
                + "reseat-api-node; what is wrong with values is said only then") private String program;

        @Option(names = Output.JSON_OPTION,
                description = "print {\"options\": [...], \"problems\": [...]}") private boolean json;

        Check(Output output) {
            this.output = output;
        }

        @Override
        public Integer call() {
            List<ProgramSettings> programs = ServiceLoader.load(ProgramSettings.class)
                    .stream()
                    .map(ServiceLoader.Provider::get)
                    .filter(one -> program == null || one.program().equals(program))
                    .toList();
            if (programs.isEmpty()) {
                throw new UsageError("there is no program " + program + " here");
            }
            Map<SettingUse, Set<String>> users = new LinkedHashMap<>();
            List<String> problems = new ArrayList<>();
            programs.forEach(one -> read(one, users, problems));
            List<SettingUse> uses = merged(users);
            List<String> wrong = program == null ? List.of() : List.copyOf(new LinkedHashSet<>(problems));
            print(uses, users, wrong);
            boolean unknown = uses.stream().anyMatch(use -> use.kind() == SettingUse.Kind.UNKNOWN);
            return wrong.isEmpty() && !unknown ? ExitCode.OK : FOUND;
        }

        private void read(ProgramSettings one, Map<SettingUse, Set<String>> users, List<String> problems) {
            Settings settings = load();
            try {
                one.read(settings);
            } catch (IllegalArgumentException refused) {
                problems.add(String.valueOf(refused.getMessage()));
            }
            problems.addAll(settings.problems());
            settings.uses().forEach(use -> users.computeIfAbsent(use, _ -> new LinkedHashSet<>()).add(one.program()));
        }

        private Settings load() {
            try {
                return Settings.load(files, Map.of());
            } catch (SettingsException unreadable) {
                throw new UsageError(unreadable.getMessage());
            }
        }

        /** One for each option: what anybody uses is used, what any knows is known. */
        private static List<SettingUse> merged(Map<SettingUse, Set<String>> users) {
            Map<String, SettingUse> best = new LinkedHashMap<>();
            users.keySet()
                    .forEach(use -> best.merge(
                            name(use), use, (one, other) -> one.kind().compareTo(other.kind()) <= 0 ? one : other));
            return List.copyOf(best.values());
        }

        private static String name(SettingUse use) {
            return "[" + use.group() + "] " + use.key();
        }

        private static String what(SettingUse use, Map<SettingUse, Set<String>> users) {
            return switch (use.kind()) {
                case USED -> "used by " + String.join(", ", users.get(use));
                case IGNORED -> "known, passed over";
                case UNKNOWN -> "unknown";
            };
        }

        private void print(List<SettingUse> uses, Map<SettingUse, Set<String>> users, List<String> problems) {
            if (json) {
                ObjectNode document = JSON.createObjectNode();
                ArrayNode options = document.putArray("options");
                for (SettingUse use : uses) {
                    ObjectNode option = options.addObject();
                    option.put("option", name(use));
                    option.put("source", use.origin());
                    option.put("kind", use.kind().name().toLowerCase(Locale.ROOT));
                    ArrayNode names = option.putArray("programs");
                    if (use.kind() == SettingUse.Kind.USED) {
                        users.get(use).forEach(names::add);
                    }
                }
                problems.forEach(document.putArray("problems")::add);
                output.print(document);
                return;
            }
            PrettyTable table = new PrettyTable("Option", "What becomes of it", "Source");
            uses.forEach(use -> table.row(name(use), what(use, users), use.origin()));
            output.print(table);
            problems.forEach(output::note);
        }
    }
}
