package dev.reseat.standalone;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** The volume-manager and the agents of a cloud, each a process that can be killed. */
final class KillableWorkers implements AutoCloseable {
    static final String MANAGER = "volume-manager";

    private final Map<String, WorkerProcess> processes = new HashMap<>();
    private final Deque<WorkerProcess> started = new ArrayDeque<>();

    /** Returns when all work. */
    static KillableWorkers start(AllInOne cloud) throws IOException {
        var workers = new KillableWorkers();
        Path directory = cloud.directory().directory("workers");
        try {
            workers.start(dev.reseat.volume.Main.class, MANAGER, directory,
                    cloud.settings().volumeManagerText(cloud.transportUrl()));
            for (String host : AllInOneSettings.HOSTS) {
                workers.start(dev.reseat.compute.Main.class, host, directory,
                        cloud.settings().agentText(host, cloud.transportUrl(), cloud.volumeEndpoint()));
            }
            return workers;
        } catch (IOException | RuntimeException e) {
            workers.close();
            throw e;
        }
    }

    private void start(Class<?> main, String name, Path directory, String settings) throws IOException {
        WorkerProcess process = WorkerProcess.start(main, name, directory, settings);
        processes.put(name, process);
        started.push(process);
    }

    /** @param name {@link #MANAGER}, or the host of an agent */
    WorkerProcess of(String name) {
        return processes.get(name);
    }

    @Override
    public void close() {
        started.forEach(WorkerProcess::close);
    }
}
