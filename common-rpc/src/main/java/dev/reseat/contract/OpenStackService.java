package dev.reseat.contract;

import java.util.List;
import java.util.Optional;

/** A service of OpenStack whose RPC interface one of ours can serve in its place. */
public enum OpenStackService {
    NOVA_COMPUTE("nova-compute"),
    NOVA_CONDUCTOR("nova-conductor"),
    CINDER_VOLUME("cinder-volume");

    private final String program;

    OpenStackService(String program) {
        this.program = program;
    }

    /** The name of its program, as operators know it. */
    public String program() {
        return program;
    }

    static Optional<OpenStackService> named(String program, List<OpenStackService> among) {
        return among.stream().filter(service -> service.program.equals(program)).findFirst();
    }
}
