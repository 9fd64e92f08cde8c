package dev.reseat.rpc.interop;

import dev.reseat.rpc.RequestContext;
import dev.reseat.rpc.RpcException;
import dev.reseat.rpc.Target;
import dev.reseat.rpc.client.PreparedCall;
import dev.reseat.rpc.server.RpcServer;
import dev.reseat.testing.OsloPeer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One side of the wire, as client and as server: the same words for the real oslo.messaging and for ours. */
interface Side extends AutoCloseable {
    /** Serves the methods of {@code oslo_rpc.py} and {@link SameMethods}. Returns when it listens. */
    void serve(Target target);

    /** The text of the next {@code keep}, of whichever server. */
    String kept() throws InterruptedException;

    Outcome call(Target target, String method, Map<String, ?> args, Terms terms);

    void cast(Target target, String method, Map<String, ?> args);

    void fanout(Target target, String method, Map<String, ?> args);

    @Override
    void close();

    /**
     * How a call ended.
     *
     * @param failure class of the exception, as the server named it; empty if there was none
     */
    record Outcome(JsonNode result, String failure, String text) {}

    /** @param monitor 0 for none */
    record Terms(int timeout, int monitor) {
        static final Terms USUAL = new Terms(30, 0);
    }

    /** The real library. */
    record Python(OsloPeer peer) implements Side {
        @Override
        public void serve(Target target) {
            peer.serve(target.exchange(), target.topic(), target.server().orElseThrow());
        }

        @Override
        public String kept() throws InterruptedException {
            return peer.event().path("text").stringValue();
        }

        @Override
        public Outcome call(Target target, String method, Map<String, ?> args, Terms terms) {
            Map<String, Object> words = terms.monitor() == 0
                    ? Map.of("timeout", terms.timeout())
                    : Map.of("timeout", terms.timeout(), "monitor", terms.monitor());
            OsloPeer.Answer answer = peer.call(target, method, args, words);
            boolean named = answer.type().equals("RemoteError");
            return new Outcome(
                    answer.result(),
                    named ? answer.remoteType() : answer.type().replace("_Remote", ""),
                    named ? answer.value() : answer.text());
        }

        @Override
        public void cast(Target target, String method, Map<String, ?> args) {
            peer.cast(target, method, args);
        }

        @Override
        public void fanout(Target target, String method, Map<String, ?> args) {
            peer.fanout(target, method, args);
        }

        @Override
        public void close() {
            peer.close();
        }
    }

    /** Ours. */
    record Java(Wire wire, SameMethods methods, List<RpcServer> servers) implements Side {
        private static final RequestContext CONTEXT = RequestContext.of("u1", "p1", true, "req-1");
        private static final JsonMapper JSON = new JsonMapper();

        Java(Wire wire) {
            this(wire, new SameMethods(), new ArrayList<>());
        }

        @Override
        public void serve(Target target) {
            servers.add(wire.serve(target, methods.endpoints()));
        }

        @Override
        public String kept() throws InterruptedException {
            return methods.kept();
        }

        @Override
        public Outcome call(Target target, String method, Map<String, ?> args, Terms terms) {
            PreparedCall call = wire.client().prepare(target).timeout(Duration.ofSeconds(terms.timeout()));
            PreparedCall prepared = terms.monitor() == 0 ? call : call.monitored(Duration.ofSeconds(terms.monitor()));
            try {
                Object result = prepared.call(CONTEXT, method, args, Object.class);
                return new Outcome(JSON.valueToTree(result), "", "");
            } catch (RpcException.RemoteFailure e) {
                return new Outcome(JSON.nullNode(), e.type(), e.failure().message());
            } catch (RpcException.OutcomeUnknown e) {
                return new Outcome(JSON.nullNode(), "MessagingTimeout", e.getMessage());
            }
        }

        @Override
        public void cast(Target target, String method, Map<String, ?> args) {
            wire.client().prepare(target).cast(CONTEXT, method, args);
        }

        @Override
        public void fanout(Target target, String method, Map<String, ?> args) {
            wire.client().prepare(target).fanout(CONTEXT, method, args);
        }

        @Override
        public void close() {
            servers.forEach(RpcServer::stop);
            wire.close();
        }
    }
}
