package dev.reseat.api.remote;

/** Who does a step of a repair: one of ours where it listens, otherwise OpenStack's own. */
public enum Performer {
    VOLUME_MANAGER("reseat-volume-manager"),
    COMPUTE_AGENT("reseat-compute-agent"),
    CINDER_VOLUME("cinder-volume"),
    CINDER_API("cinder-api"),
    NOVA_COMPUTE("nova-compute");

    private final String program;

    Performer(String program) {
        this.program = program;
    }

    /** The name of its program, as in every output. */
    public String program() {
        return program;
    }
}
