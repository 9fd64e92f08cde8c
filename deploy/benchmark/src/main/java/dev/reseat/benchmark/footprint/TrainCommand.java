package dev.reseat.benchmark.footprint;

import dev.reseat.broker.PrivateRabbitNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code deploy/bench train}. */
@Command(name = "train", mixinStandardHelpOptions = true, description = "Lets the services of an installation work for "
        + "a while, and writes down what their JVMs have learned: the ahead-of-time caches that their scripts then "
        + "use. A cache is good for that runtime and those jars, files as they are, and is passed over otherwise.")
public final class TrainCommand implements Callable<Integer> {
    @Mixin private InstallationOptions installed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path broker = PrivateRabbitNode.installedServer()
                .orElseThrow(() -> new IllegalStateException("this needs the package rabbitmq-server"));
        new Training(installed.installation(), System.err).run(broker, installed.calls());
        return 0;
    }
}
