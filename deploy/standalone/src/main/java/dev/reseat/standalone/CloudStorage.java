package dev.reseat.standalone;

import dev.reseat.process.CommandRunner;
import dev.reseat.process.SystemCommandRunner;
import dev.reseat.runtime.Service;
import java.util.List;

/**
 * What a cloud keeps its volumes on, and what its hosts run guests with: the programs behind it, which live from start
 * to stop, and what the parts of the cloud have to be told.
 */
interface CloudStorage extends Service {
    /** The name of its backend. */
    String backend();

    /** Lines of the backend's section of the volume-manager's settings; asked for when it has started. */
    String backendSettings();

    /** Who runs the programs of its backend. */
    default CommandRunner commands() {
        return new SystemCommandRunner(List.of());
    }

    /** Lines of section {@code [reseat]} of everybody: how long those are waited for that are slow. */
    default String times() {
        return "";
    }

    /** Sections of the settings of a host's agent; asked for when it has started. */
    String hostSettings(String host);
}
