package dev.reseat.rpc.envelope;

/** Every reserved key of the wire (oslo_messaging {@code _drivers/common.py} and {@code _drivers/amqp.py}). */
final class WireNames {
    static final String ENVELOPE_VERSION = "oslo.version";
    static final String ENVELOPE_MESSAGE = "oslo.message";
    static final String METHOD = "method";
    static final String ARGS = "args";
    static final String NAMESPACE = "namespace";
    static final String VERSION = "version";
    static final String MSG_ID = "_msg_id";
    static final String REPLY_QUEUE = "_reply_q";
    static final String MONITOR_TIMEOUT = "_timeout";
    static final String UNIQUE_ID = "_unique_id";
    static final String CONTEXT_PREFIX = "_context_";
    static final String RESULT = "result";
    static final String FAILURE = "failure";
    static final String ENDING = "ending";

    private WireNames() {}
}
