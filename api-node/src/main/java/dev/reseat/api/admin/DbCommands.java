package dev.reseat.api.admin;

import dev.reseat.api.store.Database;
import dev.reseat.api.store.DatabaseConfig;
import dev.reseat.api.store.DatabaseInspection;
import dev.reseat.api.store.DatabaseReport;
import dev.reseat.api.store.StoreException;
import dev.reseat.runtime.ServiceMain;
import dev.reseat.runtime.SettingsException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code reseat db}: the databases themselves, by the settings of the api-node. */
@Command(name = "db", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", description = "Works on "
        + "the databases themselves, with the settings of the api-node and not through it.")
public final class DbCommands {
    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int REFUSED = 8;
    private static final int UNREACHABLE = 10;

    private DbCommands() {}

    /** @param environment which may name the settings' files, and single ones */
    public static CommandLine all(Map<String, String> environment) {
        return new CommandLine(new DbCommands()).addSubcommand(new Sync(environment))
                .addSubcommand(new Check(environment));
    }

    /** What both need. */
    abstract static class DbCommand implements Callable<Integer> {
        @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

        @Option(names = {"--config-file", "--config-dir"}, paramLabel = "PATH",
                description = "settings to read, as the api-node does; may be repeated") private List<Path> sources =
                        new ArrayList<>();

        private final Map<String, String> environment;

        DbCommand(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public Integer call() {
            try {
                return work(ServiceMain.settings("reseat-api-node", sources, environment)
                        .checked(DatabaseConfig::from));
            } catch (SettingsException wrong) {
                wrong.problems().forEach(err()::println);
                return USAGE;
            } catch (StoreException.Unavailable failure) {
                err().println("reseat: " + failure.getMessage());
                return UNREACHABLE;
            } catch (StoreException failure) {
                err().println("reseat: " + failure.getMessage());
                return FAILED;
            }
        }

        abstract int work(DatabaseConfig config);

        PrintWriter out() {
            return spec.commandLine().getOut();
        }

        private PrintWriter err() {
            return spec.commandLine().getErr();
        }
    }

    /** {@code reseat db sync}. */
    @Command(name = "sync", mixinStandardHelpOptions = true, description = "Makes Reseat's own tables in Cinder's "
            + "database (PostgreSQL: schema reseat) or beside it (MariaDB: database reseat), or brings them to this "
            + "version. Repeatable; run it once at a time, by an account that may create tables.")
    static final class Sync extends DbCommand {
        Sync(Map<String, String> environment) {
            super(environment);
        }

        @Override
        int work(DatabaseConfig config) {
            new Database(config).sync();
            out().println("schema reseat is of this version");
            return OK;
        }
    }

    /** {@code reseat db check}. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Says what the databases are, of which "
            + "releases their tables, and what keeps an api-node from working with them. Changes nothing.",
            exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                    "0:an api-node can work with them", "2:the settings are wrong", "8:it cannot, see the problems"})
    static final class Check extends DbCommand {
        @Option(names = "--json", description = "print {\"databases\": [...]}") private boolean json;

        Check(Map<String, String> environment) {
            super(environment);
        }

        @Override
        int work(DatabaseConfig config) {
            List<DatabaseReport> reports = new DatabaseInspection(config).run();
            if (json) {
                out().println(JsonMapper.shared()
                        .writerWithDefaultPrettyPrinter()
                        .writeValueAsString(Map.of("databases", reports)));
            } else {
                reports.forEach(this::print);
            }
            return reports.stream().allMatch(report -> report.problems().isEmpty()) ? OK : REFUSED;
        }

        private void print(DatabaseReport report) {
            out().println(report.name() + " database at " + report.server());
            report.facts().forEach(fact -> out().println("  " + fact));
            report.problems().forEach(problem -> out().println("  PROBLEM: " + problem));
            if (report.problems().isEmpty()) {
                out().println("  rights: all that are needed");
            }
        }
    }
}
