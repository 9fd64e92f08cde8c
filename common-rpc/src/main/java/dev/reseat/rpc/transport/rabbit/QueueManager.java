package dev.reseat.rpc.transport.rabbit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers the queues of a service, beginning with 1 when the service is started anew, and over all of its processes.
 * The file that holds the last number and its lock are those of oslo.messaging's queue manager, so that processes of
 * both may belong to one service. Thread-safe.
 */
final class QueueManager {
    /** Memory that all processes of the machine see, and that is empty after a reboot. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    /** File locks are held by the whole JVM: within it, something else has to tell threads apart. */
    private static final Object IN_THIS_JVM = new Object();

    private final String unit;
    private final Path counter;
    private final Path lock;
    private final ProcessGroup group;

    QueueManager(String host, String process, Path locks, Path sharedMemory, ProcessGroup group) {
        this.unit = host + ":" + process;
        this.counter = sharedMemory.resolve(host + "_" + process + "_qmanager");
        this.lock = locks.resolve("oslo_read_shm_" + host + "_" + process);
        this.group = group;
    }

    /** @param program the name of a process that is not given another */
    static QueueManager of(ManagedNames names, String program) {
        try {
            return new QueueManager(
                    names.host(), names.process().orElse(program), names.locks(), SHARED_MEMORY, ProcessGroup.own());
        } catch (IOException e) {
            throw new IllegalStateException("use_queue_manager: /proc does not tell our process group", e);
        }
    }

    /**
     * What no other queue of the service ends with: host, process and number.
     *
     * @throws IllegalStateException if the files cannot be used
     */
    String next() {
        synchronized (IN_THIS_JVM) {
            try {
                Files.createDirectories(lock.getParent());
                try (var file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = file.lock()) {
                    long number = last() + 1;
                    Files.writeString(counter, group.id() + ":" + number + ":" + group.startTime());
                    return unit + ":" + number;
                }
            } catch (IOException e) {
                throw new IllegalStateException("use_queue_manager: cannot count queues in " + counter + ": " + e, e);
            }
        }
    }

    /** 0 if nothing was counted since the process group was started. */
    private long last() throws IOException {
        try {
            List<Long> words =
                    Arrays.stream(Files.readString(counter).strip().split(":", -1)).map(Long::valueOf).toList();
            return words.size() == 3 && group.equals(new ProcessGroup(words.get(0), words.get(2))) ? words.get(1) : 0;
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0; // nobody has counted, or was killed while writing
        }
    }

    /**
     * What a service is made of, until it is restarted.
     *
     * @param startTime of its first process, in ticks since boot: a container may give the same id again
     */
    record ProcessGroup(long id, long startTime) {
        private static final int GROUP = 2;
        private static final int START_TIME = 19;

        static ProcessGroup own() throws IOException {
            long id = number("self", GROUP);
            // in some containers the group is outside, and its id 0
            boolean seen = id != 0 && Files.exists(Path.of("/proc", String.valueOf(id)));
            return new ProcessGroup(id, number(seen ? String.valueOf(id) : "self", START_TIME));
        }

        /** @param field counted from the one after the program's name, which is in brackets and may hold anything */
        private static long number(String process, int field) throws IOException {
            String stat = Files.readString(Path.of("/proc", process, "stat"));
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[field]);
        }
    }
}
