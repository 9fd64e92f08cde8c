package dev.reseat.runtime;

import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What every service's {@code main} does: read the command line and the settings, build, start, wait for a signal,
 * drain and stop. The one line of a {@code main} is {@code System.exit(ServiceMain.run("reseat-x", words, X::build))}.
 */
public final class ServiceMain {
    /** It did what was asked of it; after a signal: everything was stopped. */
    public static final int OK = 0;
    /** It could not start, or not stop cleanly. */
    public static final int FAILED = 1;
    /** The command line or the settings are wrong: starting again does not help. */
    public static final int WRONG_SETTINGS = 2;

    private static final System.Logger LOG = System.getLogger(ServiceMain.class.getName());

    private ServiceMain() {}

    /**
     * Returns when the service has ended.
     *
     * @param build reads the settings, best through {@link Settings#checked}, and makes the services; starts nothing
     * @return the exit code
     */
    public static int run(String program, String[] words, Function<Settings, Lifecycle> build) {
        Termination termination = Termination.bySignal();
        Thread main = Thread.currentThread();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> {
            LOG.log(Level.ERROR, "thread " + thread.getName() + " broke", failure);
            if (thread.equals(main)) {
                Runtime.getRuntime().halt(FAILED); // other threads would keep a process alive that nobody can stop
            }
        });
        return run(program, List.of(words), System.out, System.err,
                settings -> serve(program, build.apply(settings), termination));
    }

    /**
     * For programs that do something with a service's settings.
     *
     * @param sources files and directories; none stands for those that the service itself would read
     */
    public static Settings settings(String program, List<Path> sources, Map<String, String> environment) {
        return Settings.load(
                sources.isEmpty() ? ServiceArguments.usual(program, environment) : sources, environment);
    }

    static int run(String program, List<String> words, PrintStream out, PrintStream err,
            Function<Settings, Integer> serve) {
        ServiceArguments arguments;
        try {
            arguments = ServiceArguments.parse(program, words, System.getenv());
        } catch (IllegalArgumentException wrong) {
            err.print(ServiceArguments.usage(program));
            err.println(program + ": error: " + wrong.getMessage());
            return WRONG_SETTINGS;
        }
        if (arguments.help()) {
            out.print(ServiceArguments.usage(program));
            return OK;
        }
        if (arguments.version()) {
            out.println(program + " " + version());
            return OK;
        }
        try {
            return serve.apply(
                    Settings.load(arguments.sources(), System.getenv()).switchedOn(arguments.switches()));
        } catch (SettingsException wrong) {
            wrong.problems().forEach(problem -> err.println(program + ": " + problem));
            return WRONG_SETTINGS;
        } catch (RuntimeException failure) {
            LOG.log(Level.ERROR, program + " failed", failure);
            err.println(program + ": failed: " + failure);
            return FAILED;
        }
    }

    private static int serve(String program, Lifecycle lifecycle, Termination termination) {
        long begin = System.nanoTime();
        try (lifecycle) {
            lifecycle.start();
            LOG.log(Level.INFO, "{0} {1} started in {2} ms", program, version(),
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            termination.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        LOG.log(Level.INFO, "{0} stopped", program);
        return OK;
    }

    private static String version() {
        return Optional.ofNullable(ServiceMain.class.getPackage().getImplementationVersion()).orElse("(unpacked)");
    }
}
