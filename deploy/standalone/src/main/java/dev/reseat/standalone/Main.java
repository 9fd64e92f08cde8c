package dev.reseat.standalone;

import dev.reseat.broker.PrivateRabbitNode;
import dev.reseat.rpc.transport.memory.MemoryBroker;
import dev.reseat.runtime.Termination;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code deploy/demo}: all of Reseat in one process, and a small cloud in trouble. */
@Command(name = "deploy/demo", mixinStandardHelpOptions = true,
        description = "Starts all of Reseat in one process on a PostgreSQL of its own, makes a small cloud with stuck"
                + " volumes, and repairs them. Listens on loopback only and leaves nothing behind.",
        exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
                "0:all was repaired and checked; with --serve: ended by SIGTERM", "1:something failed",
                "2:wrong arguments"})
public final class Main implements Callable<Integer> {
    private static final int OK = 0;
    private static final int FAILED = 1;

    @Option(names = "--serve",
            description = "repair nothing; keep the cloud running until SIGTERM") private boolean serve;

    @Option(names = "--broker", paramLabel = "KIND",
            description = "memory or rabbitmq, a private node; default: rabbitmq where rabbitmq-server is "
                    + "installed") private String broker;

    @Option(names = "--storage", paramLabel = "KIND", defaultValue = "file",
            description = "file; or ceph: a private cluster of Ceph, and guests of a private libvirt on each host; or "
                    + "lvm: a private volume group behind a private iSCSI target, as root; "
                    + "default: ${DEFAULT-VALUE}") private String storage;

    @Option(names = "--port", paramLabel = "PORT",
            description = "of the REST APIs; default: any free one") private int port;

    private Main() {}

    public static void main(String[] words) {
        System.exit(new CommandLine(new Main()).execute(words));
    }

    @Override
    public Integer call() throws IOException {
        Termination termination = Termination.bySignal();
        Thread work = Thread.currentThread();
        Thread.ofVirtual().name("termination").start(() -> interrupt(work, termination));
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        WorkDirectory.sweep(temporary).forEach(System.err::println);
        try (WorkDirectory directory = WorkDirectory.create()) {
            return run(directory);
        }
    }

    private static void interrupt(Thread work, Termination termination) {
        try {
            termination.await();
            work.interrupt();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whatever happens, everything that was started is stopped when this returns. */
    private int run(WorkDirectory directory) {
        DemoBroker carrier = broker(directory);
        CloudStorage kept = storage(directory);
        say("starting PostgreSQL, " + (carrier instanceof DemoBroker.Rabbit ? "RabbitMQ, " : "")
                + (kept instanceof CephStorage ? "Ceph, two libvirts, " : "")
                + (kept instanceof LvmStorage ? "a volume group, an iSCSI target, " : "")
                + "api-node, volume-manager and two agents in " + directory.path());
        try (AllInOne cloud = AllInOne.start(directory, carrier, port, kept)) {
            say("messages go over " + cloud.transportUrl().replaceFirst(":[^:@/]*@", ":***@"));
            int code = switch (kept) {
                case CephStorage ceph -> told(new CephDemo(cloud, CephCloud.make(cloud, ceph), System.out).run());
                case LvmStorage lvm -> onLogicalVolumes(cloud, lvm);
                default -> onFiles(cloud);
            };
            Thread.interrupted(); // what follows is not to be hurried
            return code;
        } catch (RuntimeException failure) {
            boolean interrupted = Thread.interrupted();
            System.err.println("demo: " + (interrupted ? "interrupted" : "FAILED: " + reasons(failure)));
            return FAILED;
        }
    }

    private static int onLogicalVolumes(AllInOne cloud, LvmStorage lvm) {
        try (LvmCloud demo = LvmCloud.make(cloud, lvm)) {
            return told(new LvmDemo(cloud, demo, System.out).run());
        }
    }

    private int onFiles(AllInOne cloud) {
        DemoCloud demo = DemoCloud.make(cloud);
        return serve ? serve(cloud, demo) : told(new Demo(cloud, demo, System.out).run());
    }

    private static int told(List<String> failures) {
        if (failures.isEmpty()) {
            System.out.println("demo: OK");
            return OK;
        }
        System.out.println("demo: FAILED: " + String.join("; ", failures));
        return FAILED;
    }

    private static int serve(AllInOne cloud, DemoCloud demo) {
        Serving serving = new Serving(cloud, demo);
        System.out.println(serving.line());
        serving.commands().forEach(System.out::println);
        System.out.flush();
        try {
            Thread.currentThread().join();
        } catch (InterruptedException ended) {
            say("stopping");
        }
        return OK;
    }

    /** @throws CommandLine.ParameterException if there is no such broker, or it is not installed */
    private DemoBroker broker(WorkDirectory directory) {
        Optional<Path> server = PrivateRabbitNode.installedServer();
        String kind = broker == null ? (server.isPresent() ? "rabbitmq" : "memory") : broker.toLowerCase(Locale.ROOT);
        return switch (kind) {
            case "memory" -> new DemoBroker.Memory(new MemoryBroker());
            case "rabbitmq" -> new DemoBroker.Rabbit(
                    server.orElseThrow(() -> wrong("--broker rabbitmq needs the package rabbitmq-server")),
                    directory.directory("rabbitmq"));
            default -> throw wrong("--broker is memory or rabbitmq, not '" + broker + "'");
        };
    }

    /** @throws CommandLine.ParameterException if there is no such storage, or it is not installed */
    private CloudStorage storage(WorkDirectory directory) {
        return switch (storage.toLowerCase(Locale.ROOT)) {
            case "file" -> new FileStorage(directory);
            case "ceph" -> {
                require("ceph", CephStorage.missingPackages());
                yield new CephStorage(directory);
            }
            case "lvm" -> {
                require("lvm", LvmStorage.missingPackages());
                if (!LvmStorage.isPossible()) {
                    throw wrong("--storage lvm makes loop devices, so it needs root");
                }
                yield new LvmStorage(directory);
            }
            default -> throw wrong("--storage is file, ceph or lvm, not '" + storage + "'");
        };
    }

    private void require(String kind, List<String> missing) {
        if (serve) {
            throw wrong("--serve is for --storage file");
        }
        if (!missing.isEmpty()) {
            throw wrong("--storage " + kind + " needs the packages " + String.join(", ", missing));
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(new CommandLine(this), message);
    }

    private static String reasons(Throwable failure) {
        String own = String.valueOf(failure.getMessage());
        return failure.getCause() == null ? own : own + ": " + reasons(failure.getCause());
    }

    private static void say(String text) {
        System.out.println("demo: " + text);
    }
}
